import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useWords } from '../words.ts';

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
export function Deed({ name, label, explanation, question, disabled, onConfirm, children }: DeedProps) {
  const { say } = useWords();
  const [isAsking, setAsking] = useState(false);
  const id = useId();
  const keep = useRef<HTMLButtonElement>(null);
  const again = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    // The harmless answer is the one that Enter gives; once answered, the keyboard goes on where the question was asked.
    if (isAsking) keep.current?.focus();
    else if (wasAsking.current) again.current?.focus();
    wasAsking.current = isAsking;
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
            disabled={disabled}
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
          ref={again}
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
