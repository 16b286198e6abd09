/** From a form to what changes in `settings.json` and in the vault. Pure; a value from the environment stays out of it. */
import type { Code } from '../../shared/codes.ts';
import type { Configuration, Layer } from '../../shared/configuration.ts';
import {
  readCredential,
  readHeartbeatUrl,
  readMailAddress,
  readMailAddresses,
  readRedirectUri,
  readRedisUrl,
  readScopes,
  readSmtpUrl,
  readWebhookUrl,
} from '../../shared/configuration-values.ts';
import type { VariableName } from '../../shared/configuration-variables.ts';
import { redisUrlOf } from '../../shared/redis-url.ts';
import type { Result } from '../../shared/result.ts';
import type { ChannelsForm, SecretEdit, ShopForm, StoreForm } from '../../shared/settings-forms.ts';
import type { MallSettings, SecretReference, Settings } from '../../shared/settings-schema.ts';
import { isOwn } from '../../shared/settings-snapshot.ts';
import type { Outcome } from './keeper-api.ts';

export interface Change {
  /** Why nothing is changed; null where it is. */
  readonly refused: Outcome | null;
  readonly sections: Partial<Settings>;
  /** Name in the vault and the secret to keep there; an empty one is removed. */
  readonly secrets: readonly (readonly [name: string, secret: string])[];
}

type Sources = Pick<Configuration, 'sources' | 'mallSources'>;

/** Under which names secrets lie in the vault. */
export const VAULT_NAMES = {
  clientSecret: (mall: string) => `client-secret/${mall}`,
  /** Every client secret of the shop that this install has seen. */
  knownClientSecrets: (mall: string) => `known-client-secrets/${mall}`,
  redisPassword: 'redis-password',
  slackWebhookUrl: 'slack-webhook-url',
  smtpUrl: 'smtp-url',
  heartbeatUrl: 'heartbeat-url',
} as const;

/** Nothing is changed, because of one value. */
export function refusalOf(name: VariableName, code: Code): Change {
  return { refused: { code, params: { name } }, sections: {}, secrets: [] };
}

export function changeOfShop(now: Settings, form: ShopForm, sources: Sources): Change {
  const { mall } = form;
  const saved = now.malls.find((each) => each.mall === mall) ?? emptyMall(mall);
  const draft = draftOf((name) => sources.mallSources[mall]?.[name]);
  const isOriginNamed = (sources.sources.CAFE24_API_ORIGIN ?? 'default') !== 'default';
  const shop: MallSettings = {
    ...saved,
    mall,
    clientId: draft.text('CAFE24_CLIENT_ID', form.clientId, saved.clientId, readCredential),
    clientSecret: draft.secret(
      'CAFE24_CLIENT_SECRET',
      form.clientSecret,
      saved.clientSecret,
      VAULT_NAMES.clientSecret(mall),
      readCredential,
    ),
    redirectUri: draft.text('CAFE24_REDIRECT_URI', form.redirectUri, saved.redirectUri, (text) =>
      readRedirectUri(text, isOriginNamed),
    ),
    scopes: draft.text('CAFE24_SCOPES', form.scopes, saved.scopes, readScopes),
    pkce: draft.isChangedHere('CAFE24_PKCE') ? form.pkce : saved.pkce,
  };
  // In its place: a shop that is saved again does not move in the list.
  const index = now.malls.findIndex((each) => each.mall === mall);
  const malls = index === -1 ? [...now.malls, shop] : now.malls.with(index, shop);
  return draft.change({ malls });
}

/** A shop that the environment names gets a row of its own for this; the row goes again when nothing else is in it. */
export function changeOfPause(now: Settings, mall: string, paused: boolean, sources: Sources): Change {
  // Removed meanwhile: a second click must not bring an empty row of it back.
  if (!(mall in sources.mallSources))
    return { refused: { code: 'client.not_configured', params: {} }, sections: {}, secrets: [] };
  const rows = now.malls.some((each) => each.mall === mall) ? now.malls : [...now.malls, emptyMall(mall)];
  const isNeeded = (row: MallSettings): boolean =>
    row.mall !== mall || paused || isNamedHere(mall, sources) || Object.values(row).some(isTyped);
  const malls = rows.map((row) => (row.mall === mall ? { ...row, paused } : row)).filter(isNeeded);
  return { refused: null, sections: { malls }, secrets: [] };

  function isTyped(value: unknown): boolean {
    return value !== null && value !== mall && value !== false;
  }
}

/**
 * Takes a shop out of Settings, and its client secrets out of the vault. What is sealed of it (journal, key, local store)
 * stays: without a secret nobody can read it, and with the secret typed again the shop goes on from it.
 */
export function changeOfRemoval(now: Settings, mall: string, sources: Sources): Change {
  if (!isNamedHere(mall, sources))
    return { refused: { code: 'remove.elsewhere', params: {} }, sections: {}, secrets: [] };
  return {
    refused: null,
    sections: { malls: now.malls.filter((each) => each.mall !== mall) },
    secrets: [
      [VAULT_NAMES.clientSecret(mall), ''],
      [VAULT_NAMES.knownClientSecrets(mall), ''],
    ],
  };
}

/** What was saved under a mistyped id, under the right one; of the wrong one nothing is left in Settings. */
export function changeOfRename(now: Settings, former: string, form: ShopForm, sources: Sources): Change {
  if (former === form.mall) return changeOfShop(now, form, sources);
  const gone = changeOfRemoval(now, former, sources);
  if (gone.refused) return gone;
  const named = changeOfShop({ ...now, ...gone.sections }, form, sources);
  return named.refused ? named : { ...named, secrets: [...gone.secrets, ...named.secrets] };
}

/** Whether Settings name the shop: one that the environment or a `.env` names would be back at once. */
function isNamedHere(mall: string, { mallSources }: Sources): boolean {
  return mallSources[mall]?.CAFE24_MALL_ID === 'settings';
}

export function changeOfStore(now: Settings, form: StoreForm, sources: Sources): Change {
  const draft = draftOf((name) => sources.sources[name]);
  const name = VAULT_NAMES.redisPassword;
  if (!draft.isChangedHere('KV_REDIS_URL')) return draft.change({});
  if (form.kind === 'local') {
    const former = now.store.kind === 'redis' ? now.store.password : null;
    draft.secret('KV_REDIS_URL', '', former, name, readAny);
    return draft.change({ store: { kind: 'local' } });
  }
  const address = readRedisUrl(form.url.trim());
  if (!address.ok) return refusalOf('KV_REDIS_URL', address.code);
  const former = now.store.kind === 'redis' ? now.store.password : null;
  const edit = address.value.password ?? form.password;
  const password = draft.secret('KV_REDIS_URL', edit, former, name, readAny);
  return draft.change({
    store: { kind: 'redis', url: redisUrlOf({ ...address.value, password: null }), password },
  });
}

export function changeOfChannels(now: Settings, form: ChannelsForm, sources: Sources): Change {
  const saved = now.channels;
  const draft = draftOf((name) => sources.sources[name]);
  const secret = (
    name: VariableName,
    field: 'slackWebhookUrl' | 'smtpUrl' | 'heartbeatUrl',
    read: Reader,
  ): SecretReference | null => draft.secret(name, form[field], saved[field], VAULT_NAMES[field], read);
  return draft.change({
    channels: {
      ...saved,
      slackWebhookUrl: secret('SLACK_WEBHOOK_URL', 'slackWebhookUrl', readWebhookUrl),
      smtpUrl: secret('SMTP_URL', 'smtpUrl', readSmtpUrl),
      heartbeatUrl: secret('HEARTBEAT_URL', 'heartbeatUrl', readHeartbeatUrl),
      alertEmailFrom: draft.text(
        'ALERT_EMAIL_FROM',
        form.alertEmailFrom,
        saved.alertEmailFrom,
        readMailAddress,
      ),
      alertEmailTo: draft.text('ALERT_EMAIL_TO', form.alertEmailTo, saved.alertEmailTo, readMailAddresses),
    },
  });
}

function emptyMall(mall: string): MallSettings {
  return {
    mall,
    clientId: null,
    clientSecret: null,
    redirectUri: null,
    scopes: null,
    pkce: null,
    paused: false,
  };
}

type Reader = (text: string) => Result<unknown>;
const readAny: Reader = () => ({ ok: true, value: null });

/** Takes a form's values one by one; the first that is wrong refuses the whole. */
function draftOf(sourceOf: (name: VariableName) => Layer | undefined) {
  const secrets: (readonly [string, string])[] = [];
  let refused: Outcome | null = null;
  const isChangedHere = (name: VariableName): boolean => isOwn({ from: sourceOf(name) ?? 'default' });
  const accepts = (name: VariableName, text: string, read: Reader): boolean => {
    const result = read(text);
    if (!result.ok) refused ??= { code: result.code, params: { name } };
    return result.ok;
  };
  return {
    isChangedHere,
    text(name: VariableName, typed: string, saved: string | null, read: Reader): string | null {
      if (!isChangedHere(name)) return saved;
      const text = typed.trim();
      return text !== '' && accepts(name, text, read) ? text : null;
    },
    secret(
      name: VariableName,
      edit: SecretEdit,
      saved: SecretReference | null,
      vaultName: string,
      read: Reader,
    ): SecretReference | null {
      if (edit === null || !isChangedHere(name)) return saved;
      const secret = edit.trim();
      if (secret !== '' && !accepts(name, secret, read)) return saved;
      if (secret !== '' || saved !== null) secrets.push([vaultName, secret]);
      return secret === '' ? null : { keyring: vaultName };
    },
    change: (sections: Partial<Settings>): Change =>
      refused ? { refused, sections: {}, secrets: [] } : { refused: null, sections, secrets },
  };
}
