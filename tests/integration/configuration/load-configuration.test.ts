import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../../electron/adapters/environment.ts';
import { loadConfiguration } from '../../../electron/adapters/load-configuration.ts';
import { createClosedVault } from '../../../electron/adapters/secrets/closed-vault.ts';
import { readSettingsFile } from '../../../electron/adapters/settings/read-settings-file.ts';

let folder: string;
let dataFolder: string;
let workingFolder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'load-configuration-'));
  dataFolder = path.join(folder, 'data');
  workingFolder = path.join(folder, 'working');
  await mkdir(dataFolder);
  await mkdir(workingFolder);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** As the command line loads it. */
async function load({ env = {}, packaged = false }: { env?: Environment; packaged?: boolean } = {}) {
  return await loadConfiguration({
    env,
    cwd: workingFolder,
    packaged,
    dataFolder,
    settings: await readSettingsFile(dataFolder),
    secrets: createClosedVault(),
  });
}

const SHOP = [
  '# the shop',
  'export CAFE24_MALL_ID=myshop',
  'CAFE24_CLIENT_ID="the id"',
  "CAFE24_CLIENT_SECRET='s#cret'",
  'CAFE24_REDIRECT_URI=https://relay.example.com/cafe24 # as registered',
];
const TEXT = SHOP.join('\r\n').replace('the id', 'the-id');
const MYSHOP = { mall: 'myshop', clientId: 'the-id', clientSecret: 's#cret' };

describe('.env', () => {
  it.each([
    ['plain', Buffer.from(TEXT)],
    ['with the byte order mark of a Windows editor', Buffer.from(`\ufeff${TEXT}`)],
    ['in UTF-16, as a Windows shell writes it', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ])('is read %s', async (_, bytes) => {
    await writeFile(path.join(dataFolder, '.env'), bytes);
    const { malls, problems } = await load();
    expect(malls).toMatchObject([MYSHOP]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['counts in the working folder', false, ['myshop']],
    ["is somebody else's in the working folder of a packaged app", true, []],
  ])('%s', async (_, packaged, malls) => {
    await writeFile(path.join(workingFolder, '.env'), TEXT);
    expect((await load({ packaged })).malls.map(({ mall }) => mall)).toEqual(malls);
  });

  it('of the data folder goes before that of the working folder, the environment before both', async () => {
    await writeFile(path.join(dataFolder, '.env'), 'KV_REDIS_URL=redis://data\n');
    await writeFile(path.join(workingFolder, '.env'), 'KV_REDIS_URL=redis://working\n');
    expect((await load()).store).toEqual({ kind: 'redis', url: 'redis://data:6379/0' });
    const { store } = await load({ env: { KV_REDIS_URL: 'redis://environment' } });
    expect(store).toEqual({ kind: 'redis', url: 'redis://environment:6379/0' });
  });

  it('that cannot be read is a problem, not a crash', async () => {
    await mkdir(path.join(dataFolder, '.env'));
    const { problems } = await load();
    expect(problems).toEqual([{ code: 'config.invalid_value', name: '.env', layer: 'data-folder-env' }]);
  });

  it('never changes the environment of this process', async () => {
    await writeFile(path.join(dataFolder, '.env'), TEXT);
    await load();
    expect(process.env.CAFE24_MALL_ID).toBeUndefined();
  });

  it('with tokens in it names them, and their values go nowhere', async () => {
    await writeFile(path.join(workingFolder, '.env'), `${TEXT}\nCAFE24_REFRESH_TOKEN=canary-0815\n`);
    const configuration = await load({ env: { CAFE24_ACCESS_TOKEN: 'canary-0815' } });
    expect(configuration.problems).toEqual([
      { code: 'config.token_in_env', name: 'CAFE24_ACCESS_TOKEN', layer: 'environment' },
      { code: 'config.token_in_env', name: 'CAFE24_REFRESH_TOKEN', layer: 'working-folder-env' },
    ]);
    expect(configuration.malls).toMatchObject([MYSHOP]);
    expect(JSON.stringify(configuration)).not.toContain('canary');
  });
});

describe('settings.json in plain Node', () => {
  const write = (settings: unknown) =>
    writeFile(path.join(dataFolder, 'settings.json'), JSON.stringify(settings));

  it('names the variable for each secret that only the OS keyring holds, and opens no other store', async () => {
    await write({
      malls: [{ mall: 'myshop', clientId: 'the-id', clientSecret: { keyring: 'client-secret/myshop' } }],
      store: { kind: 'redis', url: 'redis://db.example.com', password: { keyring: 'redis' } },
      channels: { slackWebhookUrl: { keyring: 'slack' } },
    });
    const configuration = await load();
    expect(configuration.store).toEqual({ kind: 'refused', code: 'config.secret_in_keyring' });
    expect(
      configuration.problems
        .filter(({ code }) => code === 'config.secret_in_keyring')
        .map(({ name }) => name),
    ).toEqual(['CAFE24_CLIENT_SECRET', 'KV_REDIS_URL', 'SLACK_WEBHOOK_URL']);
  });

  it('asks for nothing that the environment gives', async () => {
    await write({
      malls: [
        {
          mall: 'myshop',
          clientId: 'the-id',
          clientSecret: { keyring: 'client-secret/myshop' },
          redirectUri: 'https://relay.example.com/cafe24',
        },
      ],
      store: { kind: 'redis', url: 'redis://db.example.com', password: { keyring: 'redis' } },
    });
    const { malls, store, problems } = await load({
      env: {
        CAFE24_MALL_ID: 'myshop',
        CAFE24_CLIENT_SECRET: 's#cret',
        KV_REDIS_URL: 'redis://:pw@db.example.com',
      },
    });
    expect(malls).toMatchObject([MYSHOP]);
    expect(store.kind).toBe('redis');
    expect(problems).toEqual([]);
  });

  it('that is damaged is reported and left in place, and the local store is not used on a guess', async () => {
    await writeFile(path.join(dataFolder, 'settings.json'), '{"store":{"kind":"re');
    const configuration = await load();
    expect(configuration.store).toEqual({ kind: 'refused', code: 'config.settings_corrupt' });
    expect(configuration.problems).toContainEqual({
      code: 'config.settings_corrupt',
      name: 'settings.json',
      layer: 'settings',
    });
    expect(await readdir(dataFolder)).toEqual(['settings.json']);
    expect(await readFile(path.join(dataFolder, 'settings.json'), 'utf8')).toBe('{"store":{"kind":"re');
  });
});
