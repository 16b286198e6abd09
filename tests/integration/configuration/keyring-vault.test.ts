import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundedKeyring, KEYRING_ANSWER_MS } from '../../../electron/adapters/secrets/bounded-keyring.ts';
import { createKeyringVault, VAULT_FILE } from '../../../electron/adapters/secrets/keyring-vault.ts';
import {
  knownClientSecrets,
  rememberClientSecret,
} from '../../../electron/adapters/secrets/known-secrets.ts';
import { done, failed } from '../../../shared/result.ts';
import { until } from '../../support/poll.ts';
import { handTimers } from '../../unit/shell/fake-timers.ts';
import { createFakeKeyring, type FakeKeyring } from './fake-keyring.ts';

let folder: string;
let file: string;
let keyring: FakeKeyring;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vault-'));
  file = path.join(folder, VAULT_FILE);
  await mkdir(path.dirname(file));
  keyring = createFakeKeyring();
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(target: string, text: string) {
  await writeFile(`${target}.tmp`, text, { mode: 0o600 });
  await rename(`${target}.tmp`, target);
  return done(undefined);
}
/** A new one is what the next start sees. */
const vault = (options: { file?: string | null } = {}) =>
  createKeyringVault({ keyring, file, write, ...options });
const unavailable = expect.objectContaining({ ok: false, code: 'config.keyring_unavailable' });

describe('the vault', () => {
  it('finds again after a restart what was typed, and forgets what was removed', async () => {
    expect(await vault().available()).toEqual({ ok: true });
    expect(await vault().get('a')).toEqual(done(null));
    expect(await vault().set('a', 'canary-a')).toEqual(done(undefined));
    expect(await vault().set('b', 'canary-b')).toEqual(done(undefined));
    expect(await vault().get('a')).toEqual(done('canary-a'));
    expect(await vault().remove('a')).toEqual(done(undefined));
    expect(await vault().get('a')).toEqual(done(null));
    expect(await vault().get('b')).toEqual(done('canary-b'));
  });

  it('loses none of many changes at once', async () => {
    const one = vault();
    const names = Array.from({ length: 20 }, (_, index) => `name-${index}`);
    await Promise.all(names.map((name) => one.set(name, `of ${name}`)));
    for (const name of names) expect(await vault().get(name)).toEqual(done(`of ${name}`));
  });

  it.each(['gone', 'locked'] as const)(
    'keeps secrets in memory only while the keyring is %s',
    async (state) => {
      keyring.state = state;
      const now = vault();
      expect(await now.set('a', 'canary-a')).toEqual(unavailable);
      expect(await now.get('a')).toEqual(done('canary-a'));
      expect(await vault().get('a')).toEqual(done(null));
      expect(await readdir(path.dirname(file))).toEqual([]);
    },
  );

  it('keeps secrets in memory only where the data folder keeps nothing', async () => {
    const now = vault({ file: null });
    expect(await now.available()).toEqual(failed('config.keyring_unavailable'));
    expect(await now.set('a', 'canary-a')).toEqual(unavailable);
    expect(await now.get('a')).toEqual(done('canary-a'));
    expect(await now.remove('a')).toEqual(done(undefined));
    expect(await now.get('a')).toEqual(done(null));
  });

  it.each(['gone', 'locked'] as const)(
    'says so, and touches nothing, when the keyring is %s later',
    async (state) => {
      await vault().set('a', 'canary-a');
      const before = await readFile(file, 'utf8');
      keyring.state = state;
      expect(await vault().get('a')).toEqual(unavailable);
      expect(await readFile(file, 'utf8')).toBe(before);
      keyring.state = 'open';
      expect(await vault().get('a')).toEqual(done('canary-a'));
    },
  );

  it.each(['gone', 'locked'] as const)(
    'does not bring a former secret back after a newer one could not be kept (%s)',
    async (state) => {
      await vault().set('a', 'former');
      keyring.state = state;
      await vault().set('a', 'newer');
      keyring.state = 'open';
      expect(await vault().get('a')).toEqual(done(null));
    },
  );

  it('seals anew when the key was rotated', async () => {
    await vault().set('a', 'canary-a');
    await writeFile(
      file,
      JSON.stringify({ version: 1, secrets: JSON.parse(await readFile(file, 'utf8')).secrets }, null, 4),
    );
    const before = await readFile(file, 'utf8');
    keyring.state = 'rotated';
    expect(await vault().get('a')).toEqual(done('canary-a'));
    expect(await readFile(file, 'utf8')).not.toBe(before);
  });

  it('takes a damaged file for empty, and works on', async () => {
    await writeFile(file, '\0\0\0');
    expect(await vault().get('a')).toEqual(done(null));
    expect(await vault().set('a', 'canary-a')).toEqual(done(undefined));
    expect(await vault().get('a')).toEqual(done('canary-a'));
  });

  it('does not take a file that cannot be read for empty', async () => {
    await mkdir(file);
    expect(await vault().get('a')).toEqual(unavailable);
    expect(await vault().set('a', 'canary-a')).toEqual(unavailable);
    await chmod(file, 0o700);
    expect(await readdir(file)).toEqual([]);
  });

  it('never writes a plain secret', async () => {
    await vault().set('a', 'canary-a');
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain('canary-a');
    expect(text).not.toContain(Buffer.from('canary-a').toString('base64'));
  });
});

describe('a keyring that says nothing', () => {
  /** Of the next start, which finds it silent. */
  async function silent() {
    for (const name of ['a', 'b']) await vault().set(name, `canary-${name}`);
    keyring.state = 'silent';
    const timers = handTimers();
    const bounded = boundedKeyring(keyring, timers);
    let opened = 0;
    const listen = () =>
      bounded.onLateAnswer(() => {
        opened += 1;
      });
    const now = createKeyringVault({ keyring: bounded, file, write });
    const late = async <T>(asked: Promise<T>) => {
      await until(() => keyring.unanswered() > 0, { timeoutMs: 20_000, what: 'a question to the keyring' });
      timers.pass(KEYRING_ANSWER_MS);
      return await asked;
    };
    return { now, late, listen, opened: () => opened };
  }

  it('is not waited for: what lies sealed is left as it is, and many secrets take no longer than one', async () => {
    const { now, late } = await silent();
    const before = await readFile(file, 'utf8');
    expect(await late(now.get('a'))).toEqual(unavailable);
    expect(await now.get('b')).toEqual(unavailable);
    expect(await now.available()).toEqual(failed('config.keyring_unavailable'));
    expect(await knownClientSecrets(now, 'myshop')).toEqual([]);
    expect(keyring.unanswered()).toBe(1);
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('keeps what is typed meanwhile in memory', async () => {
    const { now, late } = await silent();
    expect(await late(now.set('a', 'newer'))).toEqual(unavailable);
    expect(await now.get('a')).toEqual(done('newer'));
    expect(Object.keys(JSON.parse(await readFile(file, 'utf8')).secrets)).toEqual(['b']);
  });

  it.each(['before', 'after'] as const)(
    'is of use once it opens, and says so, also to who listens %s that',
    async (when) => {
      const { now, late, listen, opened } = await silent();
      await late(now.get('a'));
      if (when === 'before') listen();
      expect(opened()).toBe(0);
      keyring.answer('open');
      await expect.poll(() => now.get('a')).toEqual(done('canary-a'));
      if (when === 'after') listen();
      expect(opened()).toBe(1);
    },
  );

  it('whose prompt is sent away is asked again by the next question only', async () => {
    const { now, late, listen, opened } = await silent();
    listen();
    await late(now.get('a'));
    keyring.answer('locked');
    await expect.poll(() => now.available()).toEqual({ ok: true });
    expect(opened()).toBe(0);
    keyring.state = 'open';
    expect(await now.get('a')).toEqual(done('canary-a'));
  });
});

describe('former client secrets', () => {
  it('are remembered newest first, each once, a handful for each shop', async () => {
    for (const secret of ['s1', 's2', 's2', 's3', 's1', 's4', 's5', 's6']) {
      await rememberClientSecret(vault(), 'myshop', secret);
    }
    expect(await knownClientSecrets(vault(), 'myshop')).toEqual(['s6', 's5', 's4', 's1', 's3']);
    expect(await knownClientSecrets(vault(), 'second')).toEqual([]);
  });

  it.each(['gone', 'locked'] as const)(
    'are none while the keyring is %s, and not forgotten',
    async (state) => {
      await rememberClientSecret(vault(), 'myshop', 's1');
      keyring.state = state;
      expect(await knownClientSecrets(vault(), 'myshop')).toEqual([]);
      expect(await rememberClientSecret(vault(), 'myshop', 's2')).toEqual(unavailable);
      keyring.state = 'open';
      expect(await knownClientSecrets(vault(), 'myshop')).toEqual(['s1']);
    },
  );
});
