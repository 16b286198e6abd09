/**
 * What the window asks of the settings: every change is checked, kept (secrets in the vault, the rest in
 * `settings.json`) and put to work at once. A value that comes from the environment is not changed here.
 */

import type { VariableLayer } from '../../shared/configuration-layers.ts';
import type { IntentReply, SettingsIntent } from '../../shared/ipc.ts';
import { type Failure, type Result, unreachable } from '../../shared/result.ts';
import type { ShopForm, StoreForm } from '../../shared/settings-forms.ts';
import type { Settings } from '../../shared/settings-schema.ts';
import type { SettingsSnapshot } from '../../shared/settings-snapshot.ts';
import type { Log } from '../ports.ts';
import { changeOfEnv } from './env-import.ts';
import type { Outcome } from './keeper-api.ts';
import type { LiveEngine } from './live-engine.ts';
import {
  type Change,
  changeOfChannels,
  changeOfPause,
  changeOfRemoval,
  changeOfRename,
  changeOfShop,
  changeOfStore,
  VAULT_NAMES,
} from './settings-change.ts';
import { settingsSnapshotOf } from './settings-snapshot.ts';
import { urlToTry } from './store-form.ts';

export interface SettingsParts {
  readonly settings: {
    current(): Settings;
    /** Replaces whole sections. Throws when the disk takes nothing; the change counts until the end of the run. */
    update(change: Partial<Settings>): Settings;
  };
  readonly vault: {
    available(): Promise<{ readonly ok: boolean }>;
    get(name: string): Promise<Result<string | null>>;
    set(name: string, value: string): Promise<Result<void>>;
    remove(name: string): Promise<Result<void>>;
  };
  /** Whether the system starts the app with the session, and the way to change that. */
  readonly loginItem: { isOn(): boolean; set(on: boolean): Promise<Result<void>> };
  /** Forgets what happened to a shop. What warnings were sent is still known: they leave once. */
  readonly forgetHistory: (mall: string) => Promise<Result<void>>;
  readonly readEnv: (text: string) => VariableLayer;
  readonly dataFolder: string;
  readonly log: Log;
}

export interface SettingsDesk {
  handle(intent: SettingsIntent): Promise<IntentReply>;
  /** Lets the secrets be opened that could not be opened before; ends with why that cannot be done now. */
  readAgain(): Promise<Outcome | null>;
  snapshot(): SettingsSnapshot;
}

const DONE: IntentReply = { code: null, params: {} };

export async function createSettingsDesk(
  parts: SettingsParts & { readonly live: LiveEngine; readonly changed: () => void },
): Promise<SettingsDesk> {
  const { settings, vault, live } = parts;
  let areSecretsKept = (await vault.available()).ok;

  /** Counts now; where the disk takes nothing, it is said and counts until the end of the run. */
  function keep(change: Partial<Settings>): Outcome | null {
    try {
      settings.update(change);
      return null;
    } catch (error) {
      parts.log.warn('config', `settings.json cannot be written: ${nameOf(error)}`);
      return { code: 'config.not_kept', params: {} };
    }
  }

  async function save(
    changeOf: (now: Settings) => Change,
    mayIt: () => Promise<Outcome | null> = async () => null,
  ): Promise<IntentReply> {
    let notKept: Outcome | null = null;
    const refused = await live.reconfigure(async () => {
      const change = changeOf(settings.current());
      const obstacle = change.refused ?? (await mayIt());
      if (obstacle) return obstacle;
      let areKept = true;
      for (const [name, secret] of change.secrets)
        if (secret !== '') areKept = (await vault.set(name, secret)).ok && areKept;
      // Without a keyring it is held in memory: that is no failure here, and the window says so.
      areSecretsKept = (await vault.available()).ok;
      notKept = keep(change.sections);
      if (areSecretsKept && !areKept) notKept = { code: 'config.not_kept', params: {} };
      // Not before the settings are known to name it no more: a shop that is back at the next start needs it.
      const gone = notKept ? [] : change.secrets.filter(([, secret]) => secret === '');
      for (const [name] of gone) {
        const removed = await vault.remove(name);
        if (!removed.ok) notKept = { code: 'config.not_kept', params: {} };
      }
      return null;
    });
    parts.changed();
    return refused ?? notKept ?? DONE;
  }

  const removeShop = (mall: string): Promise<IntentReply> =>
    saveWithout(mall, (now) => changeOfRemoval(now, mall, live.current().configuration));

  /** The window holds no secret that is kept: it goes over to the right id here. */
  async function renameShop(former: string, shop: ShopForm): Promise<IntentReply> {
    const kept = await vault.get(VAULT_NAMES.clientSecret(former));
    if (!kept.ok) return codeOf(kept);
    const form = { ...shop, clientSecret: shop.clientSecret ?? kept.value };
    return saveWithout(former, (now) => changeOfRename(now, former, form, live.current().configuration));
  }

  async function saveWithout(mall: string, changeOf: (now: Settings) => Change): Promise<IntentReply> {
    const saved = await save(changeOf, () => live.current().whyNotRemove(mall));
    const isGone = live.current().configuration.malls.every((each) => each.mall !== mall);
    if (!isGone) return saved;
    const forgotten = await parts.forgetHistory(mall);
    if (!forgotten.ok) parts.log.warn('config', `the history could not be removed: ${forgotten.code}`, mall);
    return saved;
  }

  async function tryStore(store: StoreForm, mall: string | null): Promise<IntentReply> {
    const url = await urlToTry(store, settings.current().store, vault, live.current().configuration);
    if (!url.ok) return codeOf(url);
    const trial = await live.current().trials.store(url.value, mall);
    return trial.ok ? { ...DONE, storeTrial: trial.value } : codeOf(trial);
  }

  async function setStartAtLogin(on: boolean): Promise<IntentReply> {
    const set = await parts.loginItem.set(on);
    if (!set.ok) return codeOf(set);
    return keep({ startAtLogin: on }) ?? DONE;
  }

  async function importEnv(text: string): Promise<IntentReply> {
    const { changeOf, imported } = changeOfEnv(parts.readEnv(text), live.current().configuration);
    const saved = imported.names.length === 0 ? DONE : await save(changeOf);
    return { ...saved, imported };
  }

  function handle(intent: SettingsIntent): Promise<IntentReply> | IntentReply {
    const sources = live.current().configuration;
    switch (intent.do) {
      case 'set-locale':
        return keep({ locale: intent.locale }) ?? DONE;
      case 'set-start-at-login':
        return setStartAtLogin(intent.on);
      case 'save-shop':
        return save((now) => changeOfShop(now, intent.shop, sources));
      case 'rename-shop':
        return renameShop(intent.mall, intent.shop);
      case 'set-paused':
        return save((now) => changeOfPause(now, intent.mall, intent.on, live.current().configuration));
      case 'remove-shop':
        return removeShop(intent.mall);
      case 'save-store':
        return save((now) => changeOfStore(now, intent.store, sources));
      case 'save-channels':
        return save((now) => changeOfChannels(now, intent.channels, sources));
      case 'import-env':
        return importEnv(intent.text);
      case 'try-store':
        return tryStore(intent.store, intent.mall);
      case 'try-redirect':
        return live.current().trials.page(intent.uri);
      default:
        return unreachable(intent);
    }
  }

  return {
    async handle(intent) {
      const reply = await handle(intent);
      parts.changed();
      return reply;
    },
    async readAgain() {
      const refused = await live.reconfigure(async () => {
        areSecretsKept = (await vault.available()).ok;
        return null;
      });
      parts.changed();
      return refused;
    },
    snapshot: () =>
      settingsSnapshotOf({
        configuration: live.current().configuration,
        settings: settings.current(),
        areSecretsKept,
        startsAtLogin: parts.loginItem.isOn(),
        dataFolder: parts.dataFolder,
      }),
  };
}

function codeOf({ code }: Failure): IntentReply {
  return { code, params: {} };
}

function nameOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
