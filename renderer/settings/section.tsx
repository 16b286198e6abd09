import type { ReactNode } from 'react';
import { AnswerLine } from '../forms/answer-line.tsx';
import type { Saving } from '../forms/use-saving.ts';
import { useWords } from '../words.ts';

interface SectionProps {
  readonly heading: string;
  /** What holds now, in a few words. */
  readonly about: string;
  readonly name: string;
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}

/** A part of Settings, folded until it is wanted. */
export function Section({ heading, about, name, isOpen = false, children }: SectionProps) {
  return (
    <details className="card section" data-section={name} open={isOpen}>
      <summary>
        <h2>{heading}</h2>
        <span className="quiet">{about}</span>
      </summary>
      {children}
    </details>
  );
}

export function SaveBar({ saving }: { readonly saving: Saving }) {
  const { say } = useWords();
  const isSaved = saving.reply !== null && saving.reply.code === null;
  return (
    <div className="save">
      <button type="submit" className="primary" data-do="save" aria-disabled={saving.isBusy}>
        {say(saving.isBusy ? 'setup.saving' : 'settings.save')}
      </button>
      {isSaved ? (
        <p role="status" className="tone-ok answer" data-testid="saved">
          {say('settings.saved')}
        </p>
      ) : (
        <AnswerLine reply={saving.reply} testId="save-answer" />
      )}
    </div>
  );
}
