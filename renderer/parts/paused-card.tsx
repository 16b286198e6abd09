import { codeText } from '../../shared/messages/message.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { AnswerLine } from '../forms/answer-line.tsx';
import { useSaving } from '../forms/use-saving.ts';
import { useWords } from '../words.ts';
import { Shape } from './shape.tsx';

/** That nobody keeps the shop from here, in the place of the first thing to know, and the way back. */
export function PausedCard({ mall }: { readonly mall: MallSnapshot }) {
  const { locale, say } = useWords();
  const saving = useSaving();
  const { title, todo } = codeText(locale, 'keeper.paused');
  return (
    <section className="alert tone-idle" data-testid="paused" data-code="keeper.paused" aria-label={title}>
      <Shape face="PAUSED" />
      <div>
        <h2>{title}</h2>
        <p>{todo}</p>
        <button
          type="button"
          data-do="resume"
          aria-disabled={saving.isBusy}
          onClick={() => void saving.send({ do: 'set-paused', mall: mall.mall, on: false })}
        >
          {say(saving.isBusy ? 'care.resume.busy' : 'care.resume')}
        </button>
        <AnswerLine reply={saving.reply} testId="resume-answer" />
      </div>
    </section>
  );
}
