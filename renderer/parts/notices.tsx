import type { Code } from '../../shared/codes.ts';
import { codeText } from '../../shared/messages/message.ts';
import type { Notice } from '../../shared/snapshot.ts';
import { useWords } from '../words.ts';
import { Shape } from './shape.tsx';

const LOOK = {
  info: { face: 'UNKNOWN', tone: 'idle' },
  warn: { face: 'EXPIRING', tone: 'soon' },
  bad: { face: 'NEEDS_REAUTH', tone: 'bad' },
} as const;

/** What is unusual beside the state. `except`: what is told elsewhere already. */
export function Notices({
  notices,
  except = [],
}: {
  readonly notices: readonly Notice[];
  readonly except?: readonly (Code | null)[];
}) {
  const { locale, say } = useWords();
  const shown = notices.filter(({ code }) => !except.includes(code));
  if (shown.length === 0) return null;
  return (
    <ul className="notices" aria-label={say('notices.label')}>
      {shown.map(({ code, params, tone }) => {
        const { title, todo } = codeText(locale, code, params);
        const look = LOOK[tone];
        return (
          <li
            key={`${code} ${JSON.stringify(params)}`}
            className={`notice tone-${look.tone}`}
            data-testid="notice"
            data-code={code}
          >
            <Shape face={look.face} />
            <div>
              <b>{title}</b>
              <p>{todo}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
