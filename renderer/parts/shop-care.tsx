import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { isFlowRunning } from '../../shared/mall-face.ts';
import { codeText } from '../../shared/messages/message.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { useAsk } from '../bridge.ts';
import { useWords } from '../words.ts';

/** What is rarely done with a shop, out of the way until it is looked for. Nothing happens without a second click. */
export function ShopCare({ mall }: { readonly mall: MallSnapshot }) {
  const { say } = useWords();
  return (
    <details className="card care" data-testid="care">
      <summary>{say('care.heading')}</summary>
      <Disconnect mall={mall} />
    </details>
  );
}

function Disconnect({ mall }: { readonly mall: MallSnapshot }) {
  const { locale, say } = useWords();
  const { asked, ask } = useAsk();
  const isUnconfirmed = asked.phase === 'answered' && asked.reply.code === 'disconnect.not_revoked';
  const unconfirmed = isUnconfirmed ? codeText(locale, 'disconnect.not_revoked') : null;
  const busy = mall.busy === 'disconnecting';
  return (
    <Deed
      name="disconnect"
      label={say(busy ? 'care.disconnect.busy' : 'care.disconnect')}
      explanation={say('care.disconnect.lead')}
      question={say('care.disconnect.ask', { mall: mall.mall })}
      disabled={mall.deadlineAt === null || isFlowRunning(mall) || mall.busy !== null}
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
            disabled={busy}
            onClick={() => ask({ do: 'disconnect', mall: mall.mall, anyway: true })}
          >
            {say('care.disconnect.anyway')}
          </button>
        </div>
      )}
      {asked.phase === 'unanswered' && (
        <p className="tone-bad" role="status">
          {say('action.failed')}
        </p>
      )}
    </Deed>
  );
}

interface DeedProps {
  /** Its name in `data-do`. */
  readonly name: string;
  readonly label: string;
  /** What it does, and what it leaves. */
  readonly explanation: string;
  /** Asked in the page before it is done. */
  readonly question: string;
  readonly disabled: boolean;
  readonly onConfirm: () => void;
  readonly children?: ReactNode;
}

/** Something that is done only after it was said what it does, and was asked once more. */
function Deed({ name, label, explanation, question, disabled, onConfirm, children }: DeedProps) {
  const { say } = useWords();
  const [isAsking, setAsking] = useState(false);
  const id = useId();
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The harmless answer is the one that Enter gives.
    if (isAsking) keep.current?.focus();
  }, [isAsking]);
  return (
    <div className="care__deed">
      <p id={id}>{explanation}</p>
      {isAsking ? (
        <fieldset className="care__question">
          <legend>{question}</legend>
          <button type="button" ref={keep} data-do={`${name}-keep`} onClick={() => setAsking(false)}>
            {say('care.keep')}
          </button>
          <button
            type="button"
            className="danger"
            data-do={`${name}-confirm`}
            onClick={() => {
              setAsking(false);
              onConfirm();
            }}
          >
            {label}
          </button>
        </fieldset>
      ) : (
        <button
          type="button"
          data-do={name}
          aria-describedby={id}
          disabled={disabled}
          onClick={() => setAsking(true)}
        >
          {label}
        </button>
      )}
      {children}
    </div>
  );
}
