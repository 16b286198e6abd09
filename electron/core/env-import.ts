/** Takes a `.env` over into Settings, value by value; one that is wrong, or not changed here, is named and left out. */
import type { Configuration, Layer } from '../../shared/configuration.ts';
import type { VariableLayer } from '../../shared/configuration-layers.ts';
import { readMallId, readRedisUrl, readSwitch } from '../../shared/configuration-values.ts';
import type { VariableName } from '../../shared/configuration-variables.ts';
import type { ImportedEnv } from '../../shared/ipc.ts';
import type { ChannelsForm, ShopForm } from '../../shared/settings-forms.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings-schema.ts';
import { isOwn } from '../../shared/settings-snapshot.ts';
import { type Change, changeOfChannels, changeOfShop, changeOfStore, refusalOf } from './settings-change.ts';

type Step = (now: Settings) => Change;

/** Each value by itself, so that one wrong value does not cost the others. */
export function changeOfEnv(
  { values, tokenNames }: VariableLayer,
  sources: Pick<Configuration, 'sources' | 'mallSources'>,
): { readonly changeOf: Step; readonly imported: ImportedEnv } {
  const names: VariableName[] = [];
  const refused: { name: string; code: ImportedEnv['refused'][number]['code'] }[] = tokenNames.map(
    (name) => ({
      name,
      code: 'config.token_in_env',
    }),
  );
  const steps: Step[] = [];
  const mall = values.CAFE24_MALL_ID === undefined ? null : readMallId(values.CAFE24_MALL_ID);

  const takeFrom = (from: Layer, name: VariableName, stepOf: (value: string) => Step): void => {
    const value = values[name];
    if (value === undefined) return;
    if (!isOwn({ from })) {
      refused.push({ name, code: 'config.set_elsewhere' });
      return;
    }
    const step = stepOf(value);
    // Tried on nothing: what is wrong with a value does not depend on what is kept.
    const { refused: why } = step(DEFAULT_SETTINGS);
    if (why) refused.push({ name, code: why.code });
    else {
      names.push(name);
      steps.push(step);
    }
  };

  if (mall?.ok) {
    const id = mall.value;
    const shop =
      (change: Partial<ShopForm>): Step =>
      (now) =>
        changeOfShop(now, { ...formOf(now, id), ...change }, sources);
    const take = (name: VariableName, stepOf: (value: string) => Step): void =>
      takeFrom(sources.mallSources[id]?.[name] ?? 'default', name, stepOf);
    take('CAFE24_MALL_ID', () => shop({}));
    take('CAFE24_CLIENT_ID', (clientId) => shop({ clientId }));
    take('CAFE24_CLIENT_SECRET', (clientSecret) => shop({ clientSecret }));
    take('CAFE24_REDIRECT_URI', (redirectUri) => shop({ redirectUri }));
    take('CAFE24_SCOPES', (scopes) => shop({ scopes }));
    take('CAFE24_PKCE', (text) => {
      const pkce = readSwitch(text);
      return pkce.ok ? shop({ pkce: pkce.value }) : () => refusalOf('CAFE24_PKCE', pkce.code);
    });
  } else if (mall) refused.push({ name: 'CAFE24_MALL_ID', code: mall.code });

  const take = (name: VariableName, stepOf: (value: string) => Step): void =>
    takeFrom(sources.sources[name] ?? 'default', name, stepOf);
  take('KV_REDIS_URL', (url) => (now) => {
    const address = readRedisUrl(url);
    const password = address.ok ? (address.value.password ?? '') : null;
    return changeOfStore(now, { kind: 'redis', url, password }, sources);
  });
  const channel =
    (change: Partial<ChannelsForm>): Step =>
    (now) =>
      changeOfChannels(now, { ...channelsFormOf(now), ...change }, sources);
  take('SLACK_WEBHOOK_URL', (slackWebhookUrl) => channel({ slackWebhookUrl }));
  take('SMTP_URL', (smtpUrl) => channel({ smtpUrl }));
  take('ALERT_EMAIL_FROM', (alertEmailFrom) => channel({ alertEmailFrom }));
  take('ALERT_EMAIL_TO', (alertEmailTo) => channel({ alertEmailTo }));
  take('HEARTBEAT_URL', (heartbeatUrl) => channel({ heartbeatUrl }));

  return {
    imported: { mall: mall?.ok ? mall.value : null, names, refused },
    changeOf: (now) => steps.reduce<Change>((done, step) => after(now, done, step), NOTHING),
  };
}

const NOTHING: Change = { refused: null, sections: {}, secrets: [] };

function after(now: Settings, done: Change, step: Step): Change {
  const next = step({ ...now, ...done.sections });
  if (next.refused) return done;
  return {
    refused: null,
    sections: { ...done.sections, ...next.sections },
    secrets: [...done.secrets, ...next.secrets],
  };
}

/** What is kept, as a form that changes nothing. */
function formOf(now: Settings, mall: string): ShopForm {
  const saved = now.malls.find((each) => each.mall === mall);
  return {
    mall,
    clientId: saved?.clientId ?? '',
    clientSecret: null,
    redirectUri: saved?.redirectUri ?? '',
    scopes: saved?.scopes ?? '',
    pkce: saved?.pkce ?? false,
  };
}

function channelsFormOf({ channels }: Settings): ChannelsForm {
  return {
    slackWebhookUrl: null,
    smtpUrl: null,
    alertEmailFrom: channels.alertEmailFrom ?? '',
    alertEmailTo: channels.alertEmailTo ?? '',
    heartbeatUrl: null,
  };
}
