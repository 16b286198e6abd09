import { describe, expect, it } from 'vitest';
import { done, failed } from '../../../shared/result.ts';
import { problemsOf, read, SHOP } from './gathered.ts';

const other = (mall: string) => ({
  CAFE24_MALL_ID: mall,
  CAFE24_CLIENT_ID: `id-of-${mall}`,
  CAFE24_CLIENT_SECRET: `secret-of-${mall}`,
  CAFE24_REDIRECT_URI: `https://${mall}.example.com/cafe24`,
});

describe('what is missing', () => {
  it.each([
    [{}, 'CAFE24_MALL_ID CAFE24_CLIENT_ID CAFE24_CLIENT_SECRET CAFE24_REDIRECT_URI'],
    [
      { environment: { CAFE24_CLIENT_ID: 'id' }, dataFolderEnv: { CAFE24_CLIENT_SECRET: 'secret' } },
      'CAFE24_MALL_ID CAFE24_REDIRECT_URI',
    ],
    [
      { environment: { CAFE24_MALL_ID: 'NO MALL' } },
      'CAFE24_CLIENT_ID CAFE24_CLIENT_SECRET CAFE24_REDIRECT_URI',
    ],
    [{ environment: { CAFE24_MALL_ID: 'myshop' } }, ''],
    [{ settings: { malls: [{ mall: 'myshop' }] } }, ''],
  ])('while no shop is configured is all that no layer has: %j', (given, names) => {
    expect(read(given).missing.join(' ')).toBe(names);
  });
});

describe('the shop a layer names', () => {
  it('comes whole from the environment before any file', () => {
    const { malls, mallSources, problems } = read({
      environment: { ...SHOP, CAFE24_SCOPES: 'mall.read_order', CAFE24_PKCE: '1' },
      dataFolderEnv: other('second'),
      workingFolderEnv: other('third'),
    });
    expect(malls).toEqual([
      {
        mall: 'myshop',
        clientId: 'id-of-myshop',
        clientSecret: 'secret-of-myshop',
        formerSecrets: [],
        redirectUri: 'https://relay.example.com/cafe24',
        scopes: ['mall.read_order'],
        pkce: true,
        paused: false,
      },
    ]);
    expect(problems).toEqual([]);
    expect(mallSources.myshop).toEqual({
      CAFE24_MALL_ID: 'environment',
      CAFE24_CLIENT_ID: 'environment',
      CAFE24_CLIENT_SECRET: 'environment',
      CAFE24_REDIRECT_URI: 'environment',
      CAFE24_SCOPES: 'environment',
      CAFE24_PKCE: 'environment',
    });
  });

  it.each([
    ['environment', { environment: SHOP, dataFolderEnv: other('b'), workingFolderEnv: other('c') }, 'myshop'],
    ['data-folder-env', { dataFolderEnv: SHOP, workingFolderEnv: other('c') }, 'myshop'],
    ['working-folder-env', { workingFolderEnv: SHOP }, 'myshop'],
  ] as const)('is the one of the first layer that has a mall id (%s)', (layer, given, mall) => {
    const { malls, sources } = read(given);
    expect(malls.map((each) => each.mall)).toEqual([mall]);
    expect(sources.CAFE24_MALL_ID).toBe(layer);
  });

  it('takes no value of a lower layer, not even for the same mall', () => {
    const configuration = read({
      environment: { CAFE24_MALL_ID: 'myshop', CAFE24_CLIENT_ID: 'id' },
      dataFolderEnv: SHOP,
    });
    expect(configuration.malls[0]).toMatchObject({ clientId: 'id', clientSecret: null, redirectUri: null });
    expect(problemsOf(configuration)).toEqual([
      'config.missing_value CAFE24_CLIENT_SECRET environment',
      'config.missing_value CAFE24_REDIRECT_URI environment',
    ]);
  });

  it('skips a layer whose mall id is empty or blank', () => {
    const configuration = read({ environment: { ...SHOP, CAFE24_MALL_ID: '  ' }, dataFolderEnv: other('b') });
    expect(configuration.malls.map(({ mall }) => mall)).toEqual(['b']);
    expect(problemsOf(configuration)).toEqual(['config.missing_value CAFE24_MALL_ID environment']);
  });

  it('has default scopes and no PKCE when nobody says otherwise', () => {
    const { malls, mallSources } = read({ environment: SHOP });
    expect(malls[0]).toMatchObject({ scopes: ['mall.read_product', 'mall.write_product'], pkce: false });
    expect(mallSources.myshop).toMatchObject({ CAFE24_SCOPES: 'default', CAFE24_PKCE: 'default' });
  });

  it.each(['My Shop', 'MYSHOP', 'my_shop', '-myshop', '../etc', 'myshop.cafe24api.com'])(
    'is nobody when its id is %j: no other layer takes its place',
    (mall) => {
      const configuration = read({
        environment: { ...SHOP, CAFE24_MALL_ID: mall },
        dataFolderEnv: other('b'),
      });
      expect(configuration.malls).toEqual([]);
      expect(problemsOf(configuration)).toEqual(['config.invalid_value CAFE24_MALL_ID environment']);
    },
  );

  it.each([
    'CAFE24_CLIENT_ID',
    'CAFE24_CLIENT_SECRET',
    'CAFE24_REDIRECT_URI',
    'CAFE24_SCOPES',
    'CAFE24_PKCE',
  ])('never gets %s from a layer that names no shop, and that is said', (name) => {
    const configuration = read({
      environment: { [name]: 'mall.read_order' },
      dataFolderEnv: SHOP,
    });
    expect(configuration.malls).toEqual(read({ dataFolderEnv: SHOP }).malls);
    expect(problemsOf(configuration)).toEqual(['config.missing_value CAFE24_MALL_ID environment']);
  });
});

describe('shops of Settings', () => {
  const saved = {
    mall: 'myshop',
    clientId: 'saved-id',
    clientSecret: { keyring: 'client-secret/myshop' },
    redirectUri: 'https://saved.example.com/cafe24',
    scopes: 'mall.read_store',
    pkce: true,
  };
  const secrets = new Map([['client-secret/myshop', done('saved-secret')]]);

  it('stand alone when no layer names a shop', () => {
    const configuration = read({ settings: { malls: [saved] }, secrets });
    expect(configuration.malls[0]).toEqual({
      mall: 'myshop',
      clientId: 'saved-id',
      clientSecret: 'saved-secret',
      formerSecrets: [],
      redirectUri: 'https://saved.example.com/cafe24',
      scopes: ['mall.read_store'],
      pkce: true,
      paused: false,
    });
    expect(configuration.problems).toEqual([]);
    expect(configuration.mallSources.myshop?.CAFE24_CLIENT_SECRET).toBe('settings');
  });

  it.each([
    ['CAFE24_CLIENT_ID', { clientId: 'saved-id' }],
    ['CAFE24_CLIENT_SECRET', { clientSecret: 'saved-secret' }],
    ['CAFE24_REDIRECT_URI', { redirectUri: 'https://saved.example.com/cafe24' }],
    ['CAFE24_SCOPES', { scopes: ['mall.read_store'] }],
    ['CAFE24_PKCE', { pkce: true }],
  ])('fill the gap %s of the same mall', (name, expected) => {
    const complete = { ...SHOP, CAFE24_SCOPES: 'mall.read_order', CAFE24_PKCE: '0' };
    const configuration = read({
      environment: { ...complete, [name]: '' },
      settings: { malls: [saved] },
      secrets,
    });
    expect(configuration.malls).toHaveLength(1);
    expect(configuration.malls[0]).toMatchObject(expected);
    expect(configuration.mallSources.myshop?.[name]).toBe('settings');
    expect(configuration.problems).toEqual([]);
  });

  it('never see the values of the shop a layer names', () => {
    const { malls } = read({
      environment: SHOP,
      settings: { malls: [{ mall: 'second' }, { ...saved, mall: 'third' }] },
      secrets,
    });
    expect(malls.map(({ mall }) => mall)).toEqual(['myshop', 'second', 'third']);
    expect(malls[1]).toMatchObject({ clientId: null, clientSecret: null, redirectUri: null, pkce: false });
    expect(JSON.stringify(malls.slice(1))).not.toContain('of-myshop');
    expect(JSON.stringify(malls[0])).not.toContain('saved');
  });

  it('can pause a shop that a layer names', () => {
    const { malls } = read({ environment: SHOP, settings: { malls: [{ mall: 'myshop', paused: true }] } });
    expect(malls[0]).toMatchObject({ paused: true, clientSecret: 'secret-of-myshop' });
  });

  it.each([
    ['in plain Node', 'config.secret_in_keyring'],
    ['without a usable keyring', 'config.keyring_unavailable'],
  ] as const)('name the variable to set when their secret cannot be opened %s', (_, code) => {
    const configuration = read({
      settings: { malls: [saved] },
      secrets: new Map([['client-secret/myshop', failed(code)]]),
    });
    expect(configuration.malls[0]?.clientSecret).toBeNull();
    expect(problemsOf(configuration)).toEqual([`${code} CAFE24_CLIENT_SECRET settings`]);
  });

  it('need no keyring for a secret that a layer gives', () => {
    const configuration = read({
      environment: { CAFE24_MALL_ID: 'myshop', CAFE24_CLIENT_SECRET: 'from-environment' },
      settings: { malls: [saved] },
    });
    expect(configuration.malls[0]).toMatchObject({ clientSecret: 'from-environment', clientId: 'saved-id' });
    expect(configuration.problems).toEqual([]);
  });

  it('know former secrets, without the one in use', () => {
    const { malls } = read({
      environment: SHOP,
      formerSecrets: { myshop: ['secret-of-myshop', 'older'], second: ['not-yours'] },
    });
    expect(malls[0]?.formerSecrets).toEqual(['older']);
  });
});
