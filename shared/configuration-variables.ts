/**
 * Every environment variable that configures the product, once, and how it is taken from the layers (environment, `.env`
 * files, Settings): the reader and the check for strays go by it, and README's table must explain each.
 */

/** `shop`: one block that belongs to the shop its layer names. `single`: value by value, the first layer wins. */
export type Belonging = 'shop' | 'single';

export const VARIABLES = {
  CAFE24_MALL_ID: 'shop',
  CAFE24_CLIENT_ID: 'shop',
  CAFE24_CLIENT_SECRET: 'shop',
  CAFE24_REDIRECT_URI: 'shop',
  CAFE24_SCOPES: 'shop',
  CAFE24_PKCE: 'shop',
  KV_REDIS_URL: 'single',
  SLACK_WEBHOOK_URL: 'single',
  SMTP_URL: 'single',
  ALERT_EMAIL_FROM: 'single',
  ALERT_EMAIL_TO: 'single',
  HEARTBEAT_URL: 'single',
  CAFE24_KEEPER_HOME: 'single',
  CAFE24_API_ORIGIN: 'single',
} as const satisfies Readonly<Record<string, Belonging>>;

export type VariableName = keyof typeof VARIABLES;

export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly VariableName[];

/** The variables that only count in a layer that names `CAFE24_MALL_ID`. */
export const SHOP_VARIABLES = VARIABLE_NAMES.filter(
  (name) => VARIABLES[name] === 'shop' && name !== 'CAFE24_MALL_ID',
);

/** What looks like a token in the environment: it is named (`config.token_in_env`), never read. */
export const LOOKS_LIKE_TOKEN = /^CAFE24_.*TOKEN/i;
