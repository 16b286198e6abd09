import { useWords } from '../words.ts';

const VARIABLES = [
  ['CAFE24_MALL_ID', 'setup.mall'],
  ['CAFE24_CLIENT_ID', 'setup.clientId'],
  ['CAFE24_CLIENT_SECRET', 'setup.clientSecret'],
  ['CAFE24_REDIRECT_URI', 'setup.redirectUri'],
  ['KV_REDIS_URL', 'setup.redis'],
] as const;

/** The variables a shop needs, and where their values stand. */
export function Variables() {
  const { say } = useWords();
  return (
    <dl className="variables">
      {VARIABLES.map(([name, meaning]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>{say(meaning)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Where the `.env` file is looked for by default (design, section 2, `CAFE24_KEEPER_HOME`). */
export function EnvFilePlace() {
  const { say } = useWords();
  return (
    <p className="variables__file">
      {say('setup.file')}
      <code>{envFileOf(navigator.userAgent)}</code>
    </p>
  );
}

export function envFileOf(userAgent: string): string {
  if (userAgent.includes('Windows')) return '%APPDATA%\\cafe24-token-keeper\\.env';
  if (userAgent.includes('Mac OS')) return '~/Library/Application Support/cafe24-token-keeper/.env';
  return '~/.config/cafe24-token-keeper/.env';
}
