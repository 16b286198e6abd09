import { codeText } from '../../shared/messages/message.ts';
import { formatTime } from '../../shared/seoul-time.ts';
import type { ActionResult } from '../../shared/snapshot.ts';
import { toneOfResult } from '../view/tone.ts';
import { useWords } from '../words.ts';
import { Shape } from './shape.tsx';

const FACE = { ok: 'HEALTHY', idle: 'UNKNOWN', bad: 'NEEDS_REAUTH' } as const;

interface Props {
  readonly result: ActionResult;
  readonly testId: 'last-action' | 'flow';
}

/** How something the person did has ended. A good end needs no instruction. */
export function ResultLine({ result, testId }: Props) {
  const { locale } = useWords();
  const { title, todo } = codeText(locale, result.code, result.params);
  const tone = toneOfResult(result.code);
  const face = tone === 'ok' || tone === 'bad' ? FACE[tone] : FACE.idle;
  return (
    <div
      className={`result tone-${tone}`}
      data-testid={testId}
      data-code={result.code}
      data-phase={testId === 'flow' ? 'idle' : undefined}
    >
      <Shape face={face} />
      <div>
        <p className="result__title">
          <b>{title}</b>
          <span className="quiet">{formatTime(result.at)}</span>
        </p>
        {(tone !== 'ok' || testId === 'flow') && <p>{todo}</p>}
      </div>
    </div>
  );
}
