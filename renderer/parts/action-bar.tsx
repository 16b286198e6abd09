import { isFlowRunning } from '../../shared/mall-face.ts';
import { codeText } from '../../shared/messages/message.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { useAsk } from '../bridge.ts';
import { asksForConsent, freshResult, mainPartOf } from '../view/mall-view.ts';
import { toneOfResult } from '../view/tone.ts';
import { useWords } from '../words.ts';
import { ResultLine } from './result-line.tsx';
import { Unanswered } from './unanswered.tsx';

interface Props {
  readonly mall: MallSnapshot;
  readonly now: number;
}

/** The three things a person can do, always in sight. At most one is coloured, and only when the state asks for it. */
export function ActionBar({ mall, now }: Props) {
  const { locale, say } = useWords();
  const { asked, ask } = useAsk();
  const running = isFlowRunning(mall);
  const hasTokens = mainPartOf(mall) === 'deadline';
  const obstacle = running ? null : mall.cannotReauthorize;
  const isGood = mall.lastAction !== null && toneOfResult(mall.lastAction.code) === 'ok';
  const last = mall.busy === null ? freshResult(mall.lastAction, isGood, now) : null;
  return (
    <div className="actions">
      <div role="status">
        {last !== null && <ResultLine result={last} testId="last-action" />}
        <Unanswered asked={asked} />
      </div>
      {obstacle !== null && (
        <p className="actions__obstacle" data-testid="obstacle" data-code={obstacle}>
          <b>{say('alert.waits')}</b> {codeText(locale, obstacle).todo}
        </p>
      )}
      <div className="actions__buttons">
        <button
          type="button"
          data-do="reauthorize"
          className={asksForConsent(mall) && obstacle === null ? 'primary' : undefined}
          disabled={running || obstacle !== null}
          onClick={() => ask({ do: 'reauthorize', mall: mall.mall })}
        >
          {say(mall.reason === 'never_connected' ? 'action.connect' : 'action.reauthorize')}
        </button>
        <button
          type="button"
          data-do="refresh"
          disabled={!hasTokens || running || mall.paused || mall.busy !== null}
          onClick={() => ask({ do: 'refresh', mall: mall.mall })}
        >
          {say(mall.busy === 'refreshing' ? 'action.refreshing' : 'action.refresh')}
        </button>
        <button
          type="button"
          data-do="test"
          disabled={!hasTokens || mall.busy !== null}
          onClick={() => ask({ do: 'test', mall: mall.mall })}
        >
          {say(mall.busy === 'testing' ? 'action.testing' : 'action.test')}
        </button>
      </div>
    </div>
  );
}
