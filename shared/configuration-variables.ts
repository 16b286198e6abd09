/**
 * Every environment variable the product reads, once: the reader, the check for strays and the table in the README
 * all come from here.
 */

export interface VariableDescription {
  /** `shop`: one block that belongs to the shop its layer names. `single`: taken value by value, first layer wins. */
  readonly belongsTo: 'shop' | 'single';
  /** Its value (or a part of it) must never be shown or logged. */
  readonly secret: boolean;
  /** What it means, for an engineer. */
  readonly meaning: string;
  /** What holds without it. */
  readonly default: string;
}

export const VARIABLES = {
  CAFE24_MALL_ID: {
    belongsTo: 'shop',
    secret: false,
    meaning:
      'The shop: lower-case letters, digits, hyphen. The first layer that has it supplies all values of that shop.',
    default: 'none',
  },
  CAFE24_CLIENT_ID: {
    belongsTo: 'shop',
    secret: false,
    meaning: "The app's client id, from Cafe24 Developers.",
    default: 'none',
  },
  CAFE24_CLIENT_SECRET: {
    belongsTo: 'shop',
    secret: true,
    meaning: "The app's client secret, from Cafe24 Developers.",
    default: 'none',
  },
  CAFE24_REDIRECT_URI: {
    belongsTo: 'shop',
    secret: false,
    meaning:
      'Exactly as registered in Cafe24 Developers: https with a domain name, at most 150 bytes; at a simulator also http on this machine.',
    default: 'none',
  },
  CAFE24_SCOPES: {
    belongsTo: 'shop',
    secret: false,
    meaning: 'Comma-separated; each must be ticked for the app in Cafe24 Developers.',
    default: 'mall.read_product,mall.write_product',
  },
  CAFE24_PKCE: {
    belongsTo: 'shop',
    secret: false,
    meaning: '1 sends an S256 challenge with the consent, 0 does not.',
    default: 'off',
  },
  KV_REDIS_URL: {
    belongsTo: 'single',
    secret: true,
    meaning:
      'redis:// or rediss://; comma-separated hosts are a cluster (database 0); redis+sentinel://[user:pass@]h1:p,h2:p/{master}/{db}.',
    default: 'the embedded local store',
  },
  SLACK_WEBHOOK_URL: {
    belongsTo: 'single',
    secret: true,
    meaning: 'An incoming webhook for warnings: https (http on loopback only).',
    default: 'none',
  },
  SMTP_URL: {
    belongsTo: 'single',
    secret: true,
    meaning: 'Mail server for warnings: smtps:// is TLS, smtp:// is STARTTLS, required except on loopback.',
    default: 'none',
  },
  ALERT_EMAIL_FROM: {
    belongsTo: 'single',
    secret: false,
    meaning: 'Sender of warning mails.',
    default: 'none',
  },
  ALERT_EMAIL_TO: {
    belongsTo: 'single',
    secret: false,
    meaning: 'Recipients of warning mails, comma-separated.',
    default: 'none',
  },
  HEARTBEAT_URL: {
    belongsTo: 'single',
    secret: true,
    meaning: 'Fetched with GET after each healthy check, for an outside dead-man monitor.',
    default: 'none',
  },
  CAFE24_KEEPER_HOME: {
    belongsTo: 'single',
    secret: false,
    meaning: 'The data folder.',
    default:
      'cafe24-token-keeper under %APPDATA%, ~/Library/Application Support, or $XDG_CONFIG_HOME (~/.config)',
  },
  CAFE24_API_ORIGIN: {
    belongsTo: 'single',
    secret: false,
    meaning:
      'For tests and the simulator: http(s) on 127.0.0.1, [::1] or localhost only; its path may hold {mall_id}.',
    default: 'https://{mall_id}.cafe24api.com',
  },
} as const satisfies Readonly<Record<string, VariableDescription>>;

export type VariableName = keyof typeof VARIABLES;

export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly VariableName[];

/** The variables that only count in a layer that names `CAFE24_MALL_ID`. */
export const SHOP_VARIABLES = VARIABLE_NAMES.filter(
  (name) => VARIABLES[name].belongsTo === 'shop' && name !== 'CAFE24_MALL_ID',
);

/** What looks like a token in the environment: it is named (`config.token_in_env`), never read. */
export const LOOKS_LIKE_TOKEN = /^CAFE24_.*TOKEN/i;
