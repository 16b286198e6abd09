import { countdownOf, minutesAndSeconds } from '../../shared/countdown.ts';
import { codeText } from '../../shared/messages/message.ts';
import type { FlowSnapshot, MallSnapshot } from '../../shared/snapshot.ts';
import { useAsk } from '../bridge.ts';
import { freshResult } from '../view/mall-view.ts';
import { toneOfResult } from '../view/tone.ts';
import { useWords } from '../words.ts';
import { PasteBox } from './paste-box.tsx';
import { ResultLine } from './result-line.tsx';
import { Shape } from './shape.tsx';
import { Unanswered } from './unanswered.tsx';

interface Props {
  readonly mall: MallSnapshot;
  readonly now: number;
}

/** The consent: while it runs, what to do; afterwards, for a while, how it ended. */
export function FlowPanel({ mall, now }: Props) {
  const { flow } = mall;
  switch (flow.phase) {
    case 'idle': {
      const isGood = flow.last !== null && toneOfResult(flow.last.code) === 'ok';
      const last = freshResult(flow.last, isGood, now);
      return last === null ? null : <ResultLine result={last} testId="flow" />;
    }
    case 'preparing':
      return <Busy phase="preparing" />;
    case 'exchanging':
      return <Busy phase="exchanging" />;
    case 'waiting':
      return <Waiting mall={mall.mall} flow={flow} now={now} />;
  }
}

function Busy({ phase }: { readonly phase: 'preparing' | 'exchanging' }) {
  const { say } = useWords();
  return (
    <section className="flow card" data-testid="flow" data-phase={phase} aria-busy="true">
      <div className="flow__head">
        <Shape face="WAITING" />
        <h2>{say(`flow.${phase}`)}</h2>
      </div>
      <p>{say(`flow.${phase}.todo`)}</p>
    </section>
  );
}

interface WaitingProps {
  readonly mall: string;
  readonly flow: Extract<FlowSnapshot, { phase: 'waiting' }>;
  readonly now: number;
}

function Waiting({ mall, flow, now }: WaitingProps) {
  const { locale, say } = useWords();
  const { asked, ask } = useAsk();
  const left = countdownOf(flow.endsAt, now);
  const hint = flow.hint === null ? null : codeText(locale, flow.hint.code, flow.hint.params);
  const copied = asked.phase === 'answered' && asked.what === 'copy-link' && asked.reply.code === null;
  return (
    <section
      className="flow card"
      data-testid="flow"
      data-phase="waiting"
      data-remaining-s={left.totalSeconds}
      aria-labelledby="flow-title"
    >
      <div className="flow__head">
        <Shape face="WAITING" />
        <h2 id="flow-title">{say('flow.waiting')}</h2>
        <span className="flow__left" role="timer" aria-label={say('flow.left')}>
          {minutesAndSeconds(left)}
        </span>
      </div>
      <p>{say(flow.pasteOnly ? 'flow.pasteOnly' : 'flow.waiting.todo')}</p>
      {hint !== null && (
        <p className="flow__hint tone-soon" data-testid="flow-hint" data-code={flow.hint?.code} role="status">
          <b>{hint.title}</b> {hint.todo}
        </p>
      )}
      <div className="flow__buttons">
        <button type="button" data-do="cancel" onClick={() => ask({ do: 'cancel', mall })}>
          {say('flow.cancel')}
        </button>
        <button type="button" data-do="open-again" onClick={() => ask({ do: 'open-again', mall })}>
          {say('flow.openAgain')}
        </button>
        <button type="button" data-do="copy-link" onClick={() => ask({ do: 'copy-link', mall })}>
          {say(copied ? 'flow.copied' : 'flow.copyLink')}
        </button>
      </div>
      <Unanswered asked={asked} />
      <PasteBox mall={mall} />
    </section>
  );
}
