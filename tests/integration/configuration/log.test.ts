import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../../electron/adapters/log/create-log.ts';
import { learnConfiguration } from '../../../electron/adapters/log/learn-configuration.ts';
import { createRedactor } from '../../../electron/adapters/log/redactor.ts';
import { layerOf } from '../../../shared/configuration-layers.ts';
import { readConfiguration } from '../../../shared/read-configuration.ts';
import { DEFAULT_SETTINGS } from '../../../shared/settings-schema.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'log-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const logHere = (options: { maxBytes?: number; console?: boolean } = {}) =>
  createLog({ folder, name: 'keeper', console: false, redactor: createRedactor(), ...options });
const lines = async () => (await readFile(path.join(folder, 'keeper.log'), 'utf8')).trimEnd().split(os.EOL);

describe('the log file', () => {
  it('has one line per event: UTC time, level, [area] what id', async () => {
    const log = logHere();
    log.info('keeper', 'refreshed', 'myshop');
    log.warn('store', 'slow');
    log.error('journal', 'damaged', '1-a');
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(await lines()).toEqual([
      expect.stringMatching(new RegExp(`^${time} info \\[keeper\\] refreshed myshop$`)),
      expect.stringMatching(new RegExp(`^${time} warn \\[store\\] slow$`)),
      expect.stringMatching(new RegExp(`^${time} error \\[journal\\] damaged 1-a$`)),
    ]);
  });

  it('is for its owner alone', async () => {
    logHere().info('app', 'started');
    expect((await stat(path.join(folder, 'keeper.log'))).mode & 0o777).toBe(0o600);
  });

  it('takes a text from outside as one line that drives no terminal and fills no placeholder', async () => {
    logHere().warn(
      'store',
      'said a\r\nb\u2028c\t%s %c %d \u001b[31mred \u202egnp',
      'id\n2026 info [app] forged',
    );
    const written = await lines();
    expect(written).toHaveLength(1);
    expect(written[0]).toContain(
      'said a\\r\\nb\\u2028c\\t%s %c %d \\u001b[31mred \\u202egnp id\\n2026 info [app] forged',
    );
  });

  it('is rotated, and only a few former files are kept', async () => {
    const log = logHere({ maxBytes: 200 });
    for (let index = 0; index < 60; index += 1) log.info('app', `event ${index}`);
    expect((await readdir(folder)).sort()).toEqual([
      'keeper.1.log',
      'keeper.2.log',
      'keeper.3.log',
      'keeper.4.log',
      'keeper.log',
    ]);
    expect((await lines()).at(-1)).toContain('event 59');
    expect(await readFile(path.join(folder, 'keeper.1.log'), 'utf8')).toMatch(/event 5\d/);
  });

  it('that cannot be written stops nothing', async () => {
    await writeFile(path.join(folder, 'file'), '');
    const log = createLog({
      folder: path.join(folder, 'file'),
      name: 'keeper',
      console: false,
      redactor: createRedactor(),
    });
    expect(() => log.info('app', 'still runs')).not.toThrow();
  });

  it('goes to stderr as well where asked, never to stdout, and is redacted there too', () => {
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      vi.spyOn(process[name], 'write').mockImplementation((text) => {
        written[name] += String(text);
        return true;
      });
    }
    const log = createLog({ folder: null, name: 'cli', console: true, redactor: createRedactor() });
    log.error('cli', 'sent refresh_token=canary-4711');
    vi.restoreAllMocks();
    expect(written.stdout).toBe('');
    expect(written.stderr).toMatch(/^\S+Z error \[cli\] sent refresh_token=\[hidden\]\n$/);
  });
});

describe('the secrets of a configuration', () => {
  it('reach no line of the log once they are learned, wherever they turn up', async () => {
    const canaries = {
      CAFE24_CLIENT_SECRET: 'canary-client',
      KV_REDIS_URL: 'canary-redis',
      SLACK_WEBHOOK_URL: '/hook/canary-slack',
      SMTP_URL: 'canary%40smtp',
      HEARTBEAT_URL: '/canary-heartbeat',
      former: 'canary-former',
    };
    const configuration = readConfiguration({
      layers: [
        layerOf('environment', {
          CAFE24_MALL_ID: 'myshop',
          CAFE24_CLIENT_SECRET: canaries.CAFE24_CLIENT_SECRET,
          KV_REDIS_URL: `redis://:${canaries.KV_REDIS_URL}@db.example.com`,
          SLACK_WEBHOOK_URL: `https://chat.example.com${canaries.SLACK_WEBHOOK_URL}`,
          SMTP_URL: `smtps://me:${canaries.SMTP_URL}@mail.example.com`,
          ALERT_EMAIL_FROM: 'keeper@example.com',
          ALERT_EMAIL_TO: 'operator@example.com',
          HEARTBEAT_URL: `https://monitor.example.com${canaries.HEARTBEAT_URL}`,
        }),
      ],
      settings: DEFAULT_SETTINGS,
      secrets: new Map(),
      formerSecrets: { myshop: [canaries.former] },
      problems: [],
    });
    expect(configuration.channels.mail).not.toBeNull();
    const redactor = createRedactor();
    learnConfiguration(redactor, configuration);
    const log = createLog({ folder, name: 'keeper', console: false, redactor });
    for (const canary of [...Object.values(canaries), 'canary@smtp']) {
      log.info('config', `a stray ${canary} in words`, `id-${canary}`);
      log.error('app', JSON.stringify({ unexpected: `x${canary}y` }));
    }
    log.info('config', JSON.stringify(configuration));
    expect((await lines()).filter((line) => line.includes('canary'))).toEqual([]);
    expect(await lines()).toHaveLength(15);
  });
});
