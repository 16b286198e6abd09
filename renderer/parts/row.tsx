import type { ReactNode } from 'react';

interface Props {
  readonly name: string;
  readonly isWarning?: boolean;
  readonly children: ReactNode;
}

/** A name and a value in a list of facts. */
export function Row({ name, isWarning = false, children }: Props) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd className={isWarning ? 'strong-bad' : undefined}>{children}</dd>
    </div>
  );
}
