/**
 * `settings.json`, by one schema for the app and the command line. It holds no secret: where one was typed, it holds
 * the name under which the OS keyring guards it. Unknown fields are kept, so that an older version does not lose what
 * a newer one wrote.
 */
import { z } from 'zod';
import { LOCALES } from './locale.ts';
import { MALL_ID } from './mall-id.ts';

/** A secret that lies in the vault under this name. */
const secretReference = z.looseObject({ keyring: z.string().min(1).max(200) });

const mallSettings = z.looseObject({
  mall: z.string().regex(MALL_ID),
  clientId: z.string().nullable().default(null),
  clientSecret: secretReference.nullable().default(null),
  redirectUri: z.string().nullable().default(null),
  /** As typed, comma-separated. */
  scopes: z.string().nullable().default(null),
  pkce: z.boolean().nullable().default(null),
  paused: z.boolean().default(false),
});

const storeSettings = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('local') }),
  z.looseObject({
    kind: z.literal('redis'),
    /** Without the password. */
    url: z.string(),
    password: secretReference.nullable().default(null),
  }),
  /** The file was damaged where this stood: it must be said again, for guessing could use a second store. */
  z.looseObject({ kind: z.literal('unknown') }),
]);

const channelSettings = z.looseObject({
  slackWebhookUrl: secretReference.nullable().default(null),
  smtpUrl: secretReference.nullable().default(null),
  alertEmailFrom: z.string().nullable().default(null),
  alertEmailTo: z.string().nullable().default(null),
  heartbeatUrl: secretReference.nullable().default(null),
});

const windowSettings = z.looseObject({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

/** Every section can be read alone: one damaged section does not cost the others. */
const sections = {
  version: z.number().int().positive().default(1),
  malls: z.array(mallSettings).default([]),
  store: storeSettings.default({ kind: 'local' }),
  channels: channelSettings.default(() => channelSettings.parse({})),
  /** null: as the system speaks. */
  locale: z.enum(LOCALES).nullable().default(null),
  window: windowSettings.nullable().default(null),
  /** Where the app asks for newer versions, once a day; null asks nobody. */
  update: z.looseObject({ feed: z.string().nullable().default(null) }).default({ feed: null }),
  startAtLogin: z.boolean().default(false),
  /** The person was told once that closing only hides the window. */
  closeExplained: z.boolean().default(false),
};

const settingsSchema = z.looseObject(sections);

export type Settings = Readonly<z.infer<typeof settingsSchema>>;
export type MallSettings = Readonly<z.infer<typeof mallSettings>>;
export type SecretReference = Readonly<z.infer<typeof secretReference>>;

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});

export interface ReadSettings {
  readonly settings: Settings;
  /** Something in it could not be read; `settings` is what could, defaults for the rest. */
  readonly damaged: boolean;
}

/** The text of `settings.json`. Never throws, and never takes a damaged store for "none was configured". */
export function parseSettings(text: string): ReadSettings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const whole = settingsSchema.safeParse(value);
  if (whole.success) return { settings: whole.data, damaged: false };
  const found = isRecord(value) ? value : { store: { kind: 'unknown' } };
  return { settings: salvage(found), damaged: true };
}

function salvage(found: Readonly<Record<string, unknown>>): Settings {
  const kept: Record<string, unknown> = { ...found };
  for (const [name, schema] of Object.entries(sections)) {
    if (schema.safeParse(found[name]).success) continue;
    delete kept[name];
    if (name === 'store') kept[name] = { kind: 'unknown' };
    if (name === 'malls' && Array.isArray(found[name])) {
      kept[name] = found[name].filter((mall) => mallSettings.safeParse(mall).success);
    }
  }
  return settingsSchema.parse(kept);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
