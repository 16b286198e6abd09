import { isFlowRunning } from '../../shared/mall-face.ts';
import { codeText } from '../../shared/messages/message.ts';
import type { ShopSettings } from '../../shared/settings-snapshot.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { useAsk } from '../bridge.ts';
import { AnswerLine } from '../forms/answer-line.tsx';
import { useSaving } from '../forms/use-saving.ts';
import { useWords } from '../words.ts';
import { Deed } from './deed.tsx';
import { Unanswered } from './unanswered.tsx';

interface Props {
  readonly mall: MallSnapshot;
  /** Absent only for a moment, while the shop is on its way out. */
  readonly shop: ShopSettings | undefined;
}

/** What is rarely done with a shop, out of the way until it is looked for. Nothing happens without a second click. */
export function ShopCare({ mall, shop }: Props) {
  const { say } = useWords();
  return (
    <details className="card care" data-testid="care">
      <summary>{say('care.heading')}</summary>
      {!mall.paused && <Pause mall={mall} />}
      {shop !== undefined && <Remove mall={mall} shop={shop} />}
      {/* What is offered after an answer was meant for the consent before, not for one that begins. */}
      <Disconnect key={isFlowRunning(mall) ? 'consenting' : 'idle'} mall={mall} />
    </details>
  );
}

function Pause({ mall }: { readonly mall: MallSnapshot }) {
  const { say } = useWords();
  const saving = useSaving();
  return (
    <Deed
      name="pause"
      label={say(saving.isBusy ? 'care.pause.busy' : 'care.pause')}
      explanation={say('care.pause.lead')}
      question={say('care.pause.ask', { mall: mall.mall })}
      disabled={saving.isBusy || isFlowRunning(mall)}
      onConfirm={() => void saving.send({ do: 'set-paused', mall: mall.mall, on: true })}
    >
      <AnswerLine reply={saving.reply} testId="pause-answer" />
    </Deed>
  );
}

function Remove({ mall, shop }: { readonly mall: MallSnapshot; readonly shop: ShopSettings }) {
  const { say } = useWords();
  const saving = useSaving();
  if (shop.from !== 'settings') {
    const source = shop.from === 'default' ? say('source.unset') : say(`source.${shop.from}`);
    return (
      <div className="care__deed" data-testid="remove-elsewhere" data-source={shop.from}>
        <p>{say('care.remove.elsewhere', { source })}</p>
        <button type="button" data-do="remove" disabled>
          {say('care.remove')}
        </button>
      </div>
    );
  }
  const where = say(mall.store.kind === 'redis' ? 'care.remove.redis' : 'care.remove.local');
  return (
    <Deed
      name="remove"
      label={say(saving.isBusy ? 'care.remove.busy' : 'care.remove')}
      explanation={`${say('care.remove.lead')} ${where} ${say('care.remove.kept')}`}
      question={say('care.remove.ask', { mall: mall.mall })}
      disabled={saving.isBusy || isFlowRunning(mall)}
      onConfirm={() => void saving.send({ do: 'remove-shop', mall: mall.mall })}
    >
      <AnswerLine reply={saving.reply} testId="remove-answer" />
    </Deed>
  );
}

function Disconnect({ mall }: { readonly mall: MallSnapshot }) {
  const { locale, say } = useWords();
  const { asked, ask } = useAsk();
  const isUnconfirmed = asked.phase === 'answered' && asked.reply.code === 'disconnect.not_revoked';
  const unconfirmed = isUnconfirmed ? codeText(locale, 'disconnect.not_revoked') : null;
  const busy = mall.busy === 'disconnecting';
  const cannot = mall.deadlineAt === null || isFlowRunning(mall) || mall.busy !== null;
  return (
    <Deed
      name="disconnect"
      label={say(busy ? 'care.disconnect.busy' : 'care.disconnect')}
      explanation={say('care.disconnect.lead')}
      question={say('care.disconnect.ask', { mall: mall.mall })}
      disabled={cannot}
      onConfirm={() => ask({ do: 'disconnect', mall: mall.mall, anyway: false })}
    >
      {unconfirmed !== null && (
        <div className="care__answer" role="status" data-testid="disconnect-answer">
          <p>
            <b>{unconfirmed.title}</b> {unconfirmed.todo}
          </p>
          <button
            type="button"
            data-do="disconnect-anyway"
            disabled={cannot}
            onClick={() => ask({ do: 'disconnect', mall: mall.mall, anyway: true })}
          >
            {say('care.disconnect.anyway')}
          </button>
        </div>
      )}
      <Unanswered asked={asked} />
    </Deed>
  );
}
