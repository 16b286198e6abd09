import { describe, expect, it } from 'vitest';
import { done, failed } from '../../../shared/result.ts';
import { problemsOf, read, SHOP } from './gathered.ts';

const long = `https://relay.example.com/${'a'.repeat(130)}`;

describe('a wrong value of a shop', () => {
  it.each([
    ['CAFE24_CLIENT_ID', 'two words', 'config.invalid_value', 'clientId', null],
    ['CAFE24_CLIENT_SECRET', 'a\u0007b', 'config.invalid_value', 'clientSecret', null],
    ['CAFE24_CLIENT_SECRET', 'x'.repeat(300), 'config.invalid_value', 'clientSecret', null],
    ['CAFE24_REDIRECT_URI', 'http://shop.example.com/cb', 'config.redirect_uri_http', 'redirectUri', null],
    ['CAFE24_REDIRECT_URI', 'http://localhost:17424/cb', 'config.redirect_uri_http', 'redirectUri', null],
    ['CAFE24_REDIRECT_URI', 'https://203.0.113.7/cb', 'config.redirect_uri_ip', 'redirectUri', null],
    ['CAFE24_REDIRECT_URI', 'https://[2001:db8::1]/cb', 'config.redirect_uri_ip', 'redirectUri', null],
    ['CAFE24_REDIRECT_URI', long, 'config.redirect_uri_long', 'redirectUri', null],
    ['CAFE24_REDIRECT_URI', 'relay.example.com', 'config.invalid_value', 'redirectUri', null],
    ['CAFE24_SCOPES', 'read everything', 'config.invalid_value', 'scopes', []],
    ['CAFE24_SCOPES', ',', 'config.invalid_value', 'scopes', []],
    ['CAFE24_PKCE', 'yes', 'config.invalid_value', 'pkce', false],
  ] as const)('%s=%j is a problem, and never falls back', (name, value, code, field, expected) => {
    const configuration = read({
      environment: { ...SHOP, [name]: value },
      settings: { malls: [{ mall: 'myshop', clientId: 'saved', redirectUri: 'https://saved.example.com/' }] },
    });
    expect(configuration.malls[0]?.[field]).toEqual(expected);
    expect(problemsOf(configuration)).toEqual([`${code} ${name} environment`]);
  });

  it.each([
    ['https://relay.example.com/cafe24', {}],
    ['https://localhost/cb', {}],
    ['http://127.0.0.1:17424/cb', { CAFE24_API_ORIGIN: 'http://127.0.0.1:9/{mall_id}' }],
  ])('%s is a redirect URI, kept letter by letter, with %j', (uri, origin) => {
    const { malls, problems } = read({ environment: { ...SHOP, CAFE24_REDIRECT_URI: uri, ...origin } });
    expect(malls[0]?.redirectUri).toBe(uri);
    expect(problems).toEqual([]);
  });
});

describe('scopes', () => {
  it.each([
    ['mall.read_product,mall.write_product', []],
    ['mall.read_product, mall.write_product', []],
    [' mall.read_product ,mall.write_product, ', []],
    ['mall.read_product,mall.write_product,mall.read_product', []],
    ['mall.read_product mall.write_product', ['config.invalid_value CAFE24_SCOPES environment']],
  ])('%j become the same list, and only spaces in place of commas are told', (text, problems) => {
    const configuration = read({ environment: { ...SHOP, CAFE24_SCOPES: text } });
    expect(configuration.malls[0]?.scopes).toEqual(['mall.read_product', 'mall.write_product']);
    expect(problemsOf(configuration)).toEqual(problems);
  });
});

describe('CAFE24_API_ORIGIN', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/{mall_id}', 'http://localhost:8080/{mall_id}'],
    ['https://[::1]:8443/{mall_id}/', 'https://[::1]:8443/{mall_id}'],
  ])('%s is a simulator', (text, origin) => {
    const { apiOrigin, simulator, problems } = read({ environment: { CAFE24_API_ORIGIN: text } });
    expect({ apiOrigin, simulator, problems }).toEqual({ apiOrigin: origin, simulator: true, problems: [] });
  });

  it.each([
    'https://evil.example.com',
    'https://{mall_id}.cafe24api.com',
    'http://127.0.0.1.evil.example.com',
    'http://127.0.0.1@evil.example.com',
    'http://user:pass@127.0.0.1:8080',
    'http://127.0.0.1:8080/?to=evil',
    'http://0.0.0.0:8080',
    'http://192.168.0.2:8080',
    'ftp://127.0.0.1',
    '127.0.0.1:8080',
    'localhost',
    'http://{mall_id}.localhost:8080',
  ])('%s is refused: nothing can be sent, neither there nor to Cafe24, and no store is opened', (text) => {
    const configuration = read({
      environment: { ...SHOP, CAFE24_API_ORIGIN: text, KV_REDIS_URL: 'redis://127.0.0.1:6379/0' },
    });
    expect(configuration).toMatchObject({
      apiOrigin: null,
      simulator: false,
      store: { kind: 'refused', code: 'config.origin_refused' },
    });
    expect(problemsOf(configuration)).toEqual(['config.origin_refused CAFE24_API_ORIGIN environment']);
  });

  it('is Cafe24 itself without it', () => {
    expect(read({})).toMatchObject({ apiOrigin: 'https://{mall_id}.cafe24api.com', simulator: false });
  });
});

describe('KV_REDIS_URL', () => {
  const remote = 'redis://:pw@db.example.com:6379/0';

  it('is taken by itself, whatever layer names the shop', () => {
    const { store, sources } = read({
      environment: { KV_REDIS_URL: 'rediss://db.example.com' },
      dataFolderEnv: { ...SHOP, KV_REDIS_URL: remote },
    });
    expect(store).toEqual({ kind: 'redis', url: 'rediss://db.example.com:6379/0' });
    expect(sources).toMatchObject({ KV_REDIS_URL: 'environment', CAFE24_MALL_ID: 'data-folder-env' });
  });

  it.each([
    [{}, { kind: 'local' }],
    [{ dataFolderEnv: { KV_REDIS_URL: remote } }, { kind: 'redis', url: remote }],
    [{ workingFolderEnv: { KV_REDIS_URL: remote } }, { kind: 'redis', url: remote }],
    [
      { environment: { KV_REDIS_URL: ' ' }, workingFolderEnv: { KV_REDIS_URL: remote } },
      { kind: 'redis', url: remote },
    ],
  ] as const)('%j means %j', (given, store) => {
    expect(read(given).store).toEqual(store);
  });

  it.each(['db.example.com:6379', 'http://db.example.com', 'redis://', 'redis://a,b/1', 'redis://db:99999'])(
    '%s opens no other store in its place',
    (text) => {
      const configuration = read({
        environment: { KV_REDIS_URL: text },
        dataFolderEnv: { KV_REDIS_URL: remote },
        settings: { store: { kind: 'redis', url: remote } },
      });
      expect(configuration.store).toEqual({ kind: 'refused', code: 'config.invalid_value' });
      expect(problemsOf(configuration)).toEqual(['config.invalid_value KV_REDIS_URL environment']);
    },
  );

  it.each([
    ['redis://127.0.0.1:6379', true],
    ['redis://[::1]:6379', true],
    ['redis://localhost', true],
    ['redis://localhost:1,127.0.0.1:2', true],
    ['redis+sentinel://localhost:26379/mymaster/0', true],
    [remote, false],
    ['redis://127.0.0.1:6379,db.example.com:6379', false],
    ['redis+sentinel://db.example.com:26379/mymaster/0', false],
  ])('beside a simulator, %s is accepted: %s', (text, accepted) => {
    const configuration = read({
      environment: { CAFE24_API_ORIGIN: 'http://127.0.0.1:8080', KV_REDIS_URL: text },
    });
    expect(configuration.store.kind).toBe(accepted ? 'redis' : 'refused');
    expect(problemsOf(configuration)).toEqual(
      accepted ? [] : ['store.not_loopback KV_REDIS_URL environment'],
    );
  });

  describe('out of Settings', () => {
    const store = {
      kind: 'redis',
      url: 'redis://keeper@db.example.com:6379/2',
      password: { keyring: 'redis' },
    };

    it('gets its password from the vault', () => {
      const secrets = new Map([['redis', done('p@ss/word')]]);
      expect(read({ settings: { store }, secrets }).store).toEqual({
        kind: 'redis',
        url: 'redis://keeper:p%40ss%2Fword@db.example.com:6379/2',
      });
    });

    it('is refused, never replaced, when its password cannot be opened', () => {
      const secrets = new Map([['redis', failed('config.secret_in_keyring')]]);
      const configuration = read({ settings: { store }, secrets });
      expect(configuration.store).toEqual({ kind: 'refused', code: 'config.secret_in_keyring' });
      expect(problemsOf(configuration)).toEqual(['config.secret_in_keyring KV_REDIS_URL settings']);
    });

    it('does not matter when a layer names a store', () => {
      const configuration = read({ environment: { KV_REDIS_URL: remote }, settings: { store } });
      expect(configuration.store).toEqual({ kind: 'redis', url: remote });
      expect(configuration.problems).toEqual([]);
    });

    it.each([
      [{ kind: 'unknown' }, 'config.settings_corrupt'],
      [{ kind: 'redis', url: '' }, 'config.invalid_value'],
      [{ kind: 'redis', url: 'nonsense', password: { keyring: 'redis' } }, 'config.invalid_value'],
    ])('%j is no permission to use the local store', (saved, code) => {
      const secrets = new Map([['redis', done('pw-of-redis')]]);
      expect(read({ settings: { store: saved }, secrets }).store).toEqual({ kind: 'refused', code });
    });
  });
});

describe('channels', () => {
  const mail = {
    SMTP_URL: 'smtps://me:pw@mail.example.com',
    ALERT_EMAIL_FROM: 'Keeper <keeper@example.com>',
    ALERT_EMAIL_TO: 'a@example.com, B <b@example.com>',
  };

  it('are read value by value from different layers', () => {
    const { channels, heartbeatUrl, problems, sources } = read({
      environment: { SLACK_WEBHOOK_URL: 'https://hooks.example.com/T/B/x', SMTP_URL: mail.SMTP_URL },
      dataFolderEnv: { ...mail, SMTP_URL: 'smtp://ignored.example.com' },
      settings: { channels: { heartbeatUrl: { keyring: 'heartbeat' } } },
      secrets: new Map([['heartbeat', done('https://monitor.example.com/abc')]]),
    });
    expect(channels).toEqual({
      slackWebhookUrl: 'https://hooks.example.com/T/B/x',
      mail: {
        smtpUrl: mail.SMTP_URL,
        from: 'Keeper <keeper@example.com>',
        to: ['a@example.com', 'B <b@example.com>'],
      },
    });
    expect(heartbeatUrl).toBe('https://monitor.example.com/abc');
    expect(problems).toEqual([]);
    expect(sources).toMatchObject({
      SLACK_WEBHOOK_URL: 'environment',
      SMTP_URL: 'environment',
      ALERT_EMAIL_TO: 'data-folder-env',
      HEARTBEAT_URL: 'settings',
    });
  });

  it.each(['SMTP_URL', 'ALERT_EMAIL_FROM', 'ALERT_EMAIL_TO'] as const)(
    'mail without %s is off, and what is missing is named',
    (name) => {
      const configuration = read({ environment: { ...mail, [name]: '' } });
      expect(configuration.channels.mail).toBeNull();
      expect(problemsOf(configuration)).toEqual([`config.missing_value ${name} environment`]);
    },
  );

  it.each([
    ['SLACK_WEBHOOK_URL', 'http://hooks.example.com/T/B/x'],
    ['SLACK_WEBHOOK_URL', 'hooks.example.com'],
    ['SMTP_URL', 'https://mail.example.com'],
    ['SMTP_URL', 'smtp://mail.example.com/?tls.rejectUnauthorized=false'],
    ['SMTP_URL', 'smtp:mail.example.com'],
    ['ALERT_EMAIL_FROM', 'nobody'],
    ['ALERT_EMAIL_TO', 'a@example.com, nobody'],
    ['ALERT_EMAIL_TO', 'a@example.com\nBcc: evil@example.com'],
    ['HEARTBEAT_URL', 'file:///etc/passwd'],
  ])('%s=%j is a problem', (name, value) => {
    const configuration = read({ environment: { ...mail, [name]: value } });
    expect(problemsOf(configuration)).toEqual([`config.invalid_value ${name} environment`]);
    if (name in mail) expect(configuration.channels.mail).toBeNull();
    else expect([configuration.channels.slackWebhookUrl, configuration.heartbeatUrl]).toEqual([null, null]);
  });

  it('may be plain http on this machine', () => {
    const url = 'http://127.0.0.1:9000/hook';
    expect(read({ environment: { SLACK_WEBHOOK_URL: url } }).channels.slackWebhookUrl).toBe(url);
  });
});

describe('a token in the environment', () => {
  it.each([
    'CAFE24_ACCESS_TOKEN',
    'CAFE24_REFRESH_TOKEN',
    'CAFE24_MYSHOP_TOKEN_BACKUP',
    'cafe24_refresh_token',
  ])('%s is named in whatever layer it lies, and its value goes nowhere', (name) => {
    for (const layer of ['environment', 'dataFolderEnv', 'workingFolderEnv'] as const) {
      const configuration = read({ [layer]: { ...SHOP, [name]: 'canary-4711-value' } });
      expect(configuration.problems).toMatchObject([{ code: 'config.token_in_env', name }]);
      expect(configuration.malls).toHaveLength(1);
      expect(JSON.stringify(configuration)).not.toContain('canary-4711-value');
    }
  });

  it('is absent when empty, and other names are none of ours', () => {
    const environment = { CAFE24_ACCESS_TOKEN: ' ', TOKEN: 'x', OTHER_CAFE24_TOKEN: 'x' };
    expect(read({ environment }).problems).toEqual([]);
  });
});
