import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '../../../scripts/build.ts';
import { hasDisplay } from '../../../scripts/desktop.ts';
import { namesShop, withoutProductNames } from '../../../scripts/product-environment.ts';
import { cacheRootOf, describeRuntime } from '../../../scripts/runtime.ts';
import { findProgram } from '../../../scripts/system-packages.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'machine-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the environment', () => {
  test('a trial and the tests get nothing that the product would read', () => {
    const configured = {
      CAFE24_MALL_ID: 'a',
      CAFE24_KEEPER_HOME: 'b',
      KV_REDIS_URL: 'c',
      SLACK_WEBHOOK_URL: 'd',
      SMTP_URL: 'e',
      ALERT_EMAIL_TO: 'f',
      HEARTBEAT_URL: 'g',
    };
    expect(withoutProductNames({ ...configured, PATH: '/bin', XCAFE24_: '1' })).toEqual({
      PATH: '/bin',
      XCAFE24_: '1',
    });
  });

  test.each([
    ['nothing', undefined, {}, false],
    ['the environment', undefined, { CAFE24_MALL_ID: 'myshop' }, true],
    ['an empty value', undefined, { CAFE24_MALL_ID: '' }, false],
    ['.env', 'CAFE24_MALL_ID=myshop\n', {}, true],
    ['a comment in .env', '# CAFE24_MALL_ID=myshop\n', {}, false],
    ['an empty value in .env', 'CAFE24_MALL_ID=\n', {}, false],
    ['another name in .env', 'KV_REDIS_URL=redis://127.0.0.1\n', {}, false],
  ])('%s decides whether a shop is configured', async (_case, file, env, expected) => {
    const place = await mkdtemp(path.join(folder, 'shop-'));
    if (file !== undefined) await writeFile(path.join(place, '.env'), file);
    expect(await namesShop(place, env)).toBe(expected);
  });

  test.runIf(os.platform() === 'linux').each([
    [{}, false],
    [{ DISPLAY: '' }, false],
    [{ DISPLAY: ':0' }, true],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, true],
  ])('%j has a display: %s', (env, expected) => {
    expect(hasDisplay(env)).toBe(expected);
  });
});

describe('the runtime', () => {
  test.each([
    [{ XDG_CACHE_HOME: '/somewhere' }, '/somewhere/cafe24-token-keeper'],
    [{ XDG_CACHE_HOME: '' }, path.join(os.homedir(), '.cache/cafe24-token-keeper')],
    [{}, path.join(os.homedir(), '.cache/cafe24-token-keeper')],
  ])('with %j its cache is %s, outside the work tree', (env, expected) => {
    expect(cacheRootOf(env)).toBe(expected);
  });

  test('one line says which it is and why', () => {
    const runtime = { kind: 'stand-in', version: '33.2.1', executable: '/e', why: 'never shipped' } as const;
    expect(describeRuntime(runtime)).toBe('runtime: Electron 33.2.1 (stand-in: never shipped)');
  });
});

describe('system packages', () => {
  test('a program is found on PATH only if it can be run', async () => {
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    await writeFile(path.join(bin, 'tool'), '', { mode: 0o755 });
    await writeFile(path.join(bin, 'text'), '', { mode: 0o644 });
    expect(findProgram('tool', `/nowhere::${bin}`)).toBe(path.join(bin, 'tool'));
    expect(findProgram('text', bin)).toBeUndefined();
  });
});

describe('the hash of the sources', () => {
  test('changes with contents and names, not with times', async () => {
    const root = path.join(folder, 'sources');
    await mkdir(path.join(root, 'a/b'), { recursive: true });
    const file = path.join(root, 'a/b/c.ts');
    await writeFile(file, 'one');
    const names = ['a', 'missing'];
    const first = await hashOf(root, names);
    await writeFile(file, 'one');
    expect(await hashOf(root, names)).toBe(first);
    await writeFile(file, 'two');
    const second = await hashOf(root, names);
    await rename(file, path.join(root, 'a/b/d.ts'));
    const third = await hashOf(root, names);
    expect(new Set([first, second, third]).size).toBe(3);
  });
});
