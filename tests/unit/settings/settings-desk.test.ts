/** What the settings desk answers and keeps where the disk takes only a part. */
import { describe, expect, it } from 'vitest';
import { createSettingsDesk } from '../../../electron/core/settings-desk.ts';
import { readConfiguration } from '../../../shared/read-configuration.ts';
import { done, failed, type Result } from '../../../shared/result.ts';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from '../../../shared/settings-schema.ts';
import { SILENT } from '../../support/keeper-bench.ts';

const NAMES = ['client-secret/myshop', 'known-client-secrets/myshop'];

/** One shop with a secret in the vault. Only what a change of it touches is played. */
async function aDesk(vault: {
  readonly available: Result<unknown>;
  readonly set: Result<void>;
  readonly isFileLocked?: boolean;
}) {
  const kept = new Map(NAMES.map((name) => [name, `value-of-${name}`]));
  const forgotten: string[] = [];
  const row = { mall: 'myshop', clientSecret: { keyring: NAMES[0] } };
  let { settings } = parseSettings(JSON.stringify({ ...DEFAULT_SETTINGS, malls: [row] }));
  const engine = {
    get configuration() {
      return readConfiguration({
        layers: [],
        settings,
        secrets: new Map(),
        formerSecrets: {},
        problems: [],
      });
    },
    whyNotRemove: async () => null,
  };
  const parts = {
    settings: {
      current: () => settings,
      update(change: Partial<Settings>) {
        if (vault.isFileLocked) throw Object.assign(new Error('locked'), { code: 'EPERM' });
        settings = { ...settings, ...change };
      },
    },
    vault: {
      available: async () => vault.available,
      get: async (name: string) => done(kept.get(name) ?? null),
      set: async (name: string, secret: string) => {
        kept.set(name, secret);
        return vault.set;
      },
      remove: async (name: string) => done(kept.delete(name)),
    },
    live: {
      current: () => engine,
      settled: async () => engine,
      reconfigure: (change: () => Promise<unknown>) => change(),
    },
    loginItem: { isOn: () => false },
    forgetHistory: async (mall: string) => done(forgotten.push(mall)),
    readEnv: () => ({}),
    dataFolder: '/nowhere',
    log: SILENT,
    changed: () => {},
  };
  const desk = await createSettingsDesk(parts as unknown as Parameters<typeof createSettingsDesk>[0]);
  return { desk, kept, forgotten, malls: () => settings.malls };
}

it('a removal keeps the secrets where settings.json cannot be written: the next start needs them', async () => {
  const { desk, kept } = await aDesk({ available: done(null), set: done(undefined), isFileLocked: true });
  await desk.handle({ do: 'remove-shop', mall: 'myshop' });
  expect([...kept.keys()]).toEqual(NAMES);
});

const shop = {
  mall: 'myshop',
  clientId: 'an-id-of-cafe24',
  clientSecret: 'a-new-secret-of-cafe24',
  redirectUri: 'https://shop.example/oauth',
  scopes: 'mall.read_product',
  pkce: false,
};

describe('a shop whose id was mistyped', () => {
  const rename = async (form: object) => {
    const parts = await aDesk({ available: done(null), set: done(undefined) });
    const intent = { do: 'rename-shop', mall: 'myshop', shop: { ...shop, ...form } } as const;
    expect(await parts.desk.handle(intent)).toEqual({ code: null, params: {} });
    return parts;
  };

  it('goes over to the right one with the secret that was kept, and nothing of it is left', async () => {
    const { kept, malls, forgotten } = await rename({ mall: 'rightshop', clientSecret: null });
    expect([...kept]).toEqual([['client-secret/rightshop', 'value-of-client-secret/myshop']]);
    expect(malls()).toMatchObject([
      {
        mall: 'rightshop',
        clientId: 'an-id-of-cafe24',
        clientSecret: { keyring: 'client-secret/rightshop' },
      },
    ]);
    expect(forgotten).toEqual(['myshop']);
  });

  it('gets the secret that was typed with the right id', async () => {
    const { kept } = await rename({ mall: 'rightshop' });
    expect([...kept]).toEqual([['client-secret/rightshop', 'a-new-secret-of-cafe24']]);
  });

  it('loses nothing where the id is the same after all', async () => {
    const { kept, malls, forgotten } = await rename({ clientSecret: null });
    expect([...kept.keys()].sort()).toEqual(NAMES);
    expect([malls().map(({ mall }) => mall), forgotten]).toEqual([['myshop'], []]);
  });
});

it('a keyring that opened meanwhile is seen when all is read again', async () => {
  const world: { available: Result<unknown>; set: Result<void> } = {
    available: failed('config.keyring_unavailable'),
    set: done(undefined),
  };
  const { desk } = await aDesk(world);
  expect(desk.snapshot().areSecretsKept).toBe(false);
  world.available = done(null);
  expect(await desk.readAgain()).toBeNull();
  expect(desk.snapshot().areSecretsKept).toBe(true);
});

describe('a secret that is typed anew', () => {
  it.each([
    ['is done where it was kept', done(null), done(undefined), null],
    [
      'is told to be lost with the run where its file could not be written',
      done(null),
      failed('disk.readonly'),
      'config.not_kept',
    ],
    // That stands in the settings all the while, and is no news of this change.
    [
      'is done where no keyring keeps anything',
      failed('config.keyring_unavailable'),
      failed('config.keyring_unavailable'),
      null,
    ],
  ] as const)('%s', async (_, available, set, code) => {
    const { desk } = await aDesk({ available, set });
    expect(await desk.handle({ do: 'save-shop', shop })).toMatchObject({ code });
  });
});
