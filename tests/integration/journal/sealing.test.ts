/** docs/guarantees.md, rows 41, 42, 45, 47, 48: what the sealing does with every secret, damage and neighbour. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSealing, type Sealing } from '../../../electron/adapters/sealing/sealing.ts';
import type { Result } from '../../../shared/result.ts';
import {
  contentsOf,
  MAY_MOUNT,
  mountSmallDisk,
  temporaryFolder,
  whileReadOnly,
} from '../../support/data-folder.ts';
import { startProcess } from '../../support/other-process.ts';
import { recordLog } from '../../support/recorded-log.ts';

const MALL = 'myshop';
const CANARY = 'canary-refresh-token-한글';

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

async function bench() {
  const folder = await temporaryFolder();
  const log = recordLog();
  return {
    folder,
    log,
    file: path.join(folder, `${MALL}.json`),
    /** As a program with these secrets at hand would open it. */
    with: (...secrets: string[]): Sealing => openSealing({ folder, mall: MALL, secrets: () => secrets, log }),
    keys: async () =>
      JSON.parse(await readFile(path.join(folder, `${MALL}.json`), 'utf8')).keys as {
        id: string;
        wraps: unknown[];
      }[],
  };
}

const OPENED = { kind: 'opened', data: CANARY };
const LOCKED = { kind: 'locked' };
const CORRUPT = { kind: 'corrupt' };

describe('what was sealed', () => {
  test('opens in another process with the same secret, for its purpose and mall alone', async () => {
    const at = await bench();
    const sealed = unwrap(await at.with('a').seal('journal', CANARY));
    expect(await at.with('a').open('journal', sealed)).toEqual(OPENED);
    expect(await at.with('a').open('store', sealed)).toEqual(CORRUPT);
    const otherMall = openSealing({
      folder: at.folder,
      mall: 'other',
      secrets: () => ['a'],
      log: at.log,
    });
    expect(await otherMall.open('journal', sealed)).toEqual(LOCKED);
  });

  test('stands readable in no file, nor does its key or the secret', async () => {
    const at = await bench();
    const sealed = unwrap(await at.with('the-client-secret').seal('journal', CANARY));
    const everything = [sealed, ...(await contentsOf(at.folder)).values()].join('\n');
    for (const secret of [CANARY, 'the-client-secret']) {
      for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const)
        expect(everything).not.toContain(Buffer.from(secret).toString(encoding));
    }
  });

  test('is sealed differently every time', async () => {
    const sealing = (await bench()).with('a');
    expect(await sealing.seal('journal', CANARY)).not.toEqual(await sealing.seal('journal', CANARY));
  });

  test.each<[string, (text: string) => string]>([
    ['cut off', (text) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['no JSON', () => 'x'],
    [
      'changed in one character of its data',
      (text) => text.replace(/"data":"(.)/, (all, c) => all.replace(c, c === 'A' ? 'B' : 'A')),
    ],
    ['without its tag', (text) => text.replace(/"data":"[^"]+"/, '"data":"AAAA"')],
    ['with another nonce', (text) => text.replace(/"nonce":"[^"]+"/, '"nonce":"AAAAAAAAAAAAAAAA"')],
    ['with a short nonce', (text) => text.replace(/"nonce":"[^"]+"/, '"nonce":"AAAA"')],
  ])('is corrupt, not locked, when it is %s', async (_, damage) => {
    const at = await bench();
    const sealed = unwrap(await at.with('a').seal('journal', CANARY));
    expect(await at.with('a').open('journal', damage(sealed))).toEqual(CORRUPT);
  });
});

test('what a later version sealed in its own way is left to it', async () => {
  const at = await bench();
  const sealed = unwrap(await at.with('a').seal('journal', CANARY));
  expect(await at.with('a').open('journal', sealed.replace('"v":1', '"v":2'))).toEqual(LOCKED);
});

describe('a secret that changes', () => {
  test('another one opens nothing, and what it cannot open is locked', async () => {
    const at = await bench();
    const sealed = unwrap(await at.with('a').seal('journal', CANARY));
    expect(await at.with('mistyped').open('journal', sealed)).toEqual(LOCKED);
    expect(await at.with().open('journal', sealed)).toEqual(LOCKED);
    expect(await at.with('a').open('journal', sealed)).toEqual(OPENED);
  });

  test('with the former one at hand, everything opens under the new one alone afterwards', async () => {
    const at = await bench();
    const before = unwrap(await at.with('old').seal('journal', CANARY));
    const after = unwrap(await at.with('new', 'old').seal('journal', CANARY));
    expect(await at.with('new').open('journal', before)).toEqual(OPENED);
    expect(await at.with('old').open('journal', after)).toEqual(OPENED);
    expect(await at.keys()).toMatchObject([{ wraps: [{}, {}] }]);
  });

  test('opening is enough to take the former key along', async () => {
    const at = await bench();
    const sealed = unwrap(await at.with('old').seal('journal', CANARY));
    await at.with('new', 'old').open('journal', sealed);
    expect(await at.with('new').open('journal', sealed)).toEqual(OPENED);
  });

  test('without the former one, a new key is begun beside the old one, which opens again with its secret', async () => {
    const at = await bench();
    const before = unwrap(await at.with('old').seal('journal', CANARY));
    const [oldKey] = await at.keys();
    const after = unwrap(await at.with('new').seal('journal', CANARY));
    expect(await at.keys()).toMatchObject([oldKey!, { wraps: [{}] }]);
    expect(await at.with('new').open('journal', before)).toEqual(LOCKED);
    expect(await at.with('new').open('journal', after)).toEqual(OPENED);
    expect(await at.with('old').open('journal', before)).toEqual(OPENED);
    const both = at.with('old', 'new');
    expect(await both.open('journal', before)).toEqual(OPENED);
    expect(await both.open('journal', after)).toEqual(OPENED);
  });

  test('is noticed by a sealing that is open', async () => {
    const at = await bench();
    let secrets = ['a'];
    const sealing = openSealing({ folder: at.folder, mall: MALL, secrets: () => secrets, log: at.log });
    const sealed = unwrap(await sealing.seal('journal', CANARY));
    secrets = ['b'];
    expect(await sealing.open('journal', sealed)).toEqual(LOCKED);
    secrets = [];
    expect(await sealing.seal('journal', CANARY)).toEqual({ ok: false, code: 'client.not_configured' });
    secrets = ['b', 'a'];
    expect(await sealing.open('journal', sealed)).toEqual(OPENED);
  });

  test('without any, nothing is sealed and no key is begun', async () => {
    const at = await bench();
    expect(await at.with().seal('journal', CANARY)).toEqual({ ok: false, code: 'client.not_configured' });
    expect(await readdir(at.folder)).toEqual([]);
  });
});

describe('the key file', () => {
  test('a missing one locks what it opened', async () => {
    const at = await bench();
    const sealed = unwrap(await at.with('a').seal('journal', CANARY));
    const elsewhere = await bench();
    expect(await elsewhere.with('a').open('journal', sealed)).toEqual(LOCKED);
  });

  test.each(['', '{"v":1', '{"v":1,"mall":"other","keys":[]}', '[]'])(
    'a damaged one (%j) locks what it opened, stays until a new key is needed, and is kept then',
    async (damage) => {
      const at = await bench();
      const sealed = unwrap(await at.with('a').seal('journal', CANARY));
      await writeFile(at.file, damage);
      const sealing = at.with('a');
      expect(await sealing.open('journal', sealed)).toEqual(LOCKED);
      expect(await sealing.open('journal', sealed)).toEqual(LOCKED);
      expect(await readFile(at.file, 'utf8')).toBe(damage);
      expect(at.log.lines).toEqual([
        `error [journal] the key file is damaged: what it opened stays locked ${MALL}`,
      ]);

      const anew = unwrap(await sealing.seal('journal', CANARY));
      expect(await sealing.open('journal', anew)).toEqual(OPENED);
      expect(await readFile(`${at.file}.corrupt`, 'utf8')).toBe(damage);
      expect(at.log.lines[1]).toContain(`set aside as ${MALL}.json.corrupt`);
    },
  );

  test('of several processes that begin one at once has one key, which opens what each sealed', async () => {
    const at = await bench();
    const all = await Promise.all(
      ['one', 'two', 'three', 'four'].map((data) =>
        startProcess('tests/integration/journal/sealing-worker.ts', at.folder, MALL, 'a', data),
      ),
    );
    for (const each of all) expect(await each.nextLine()).toBe('ready');
    for (const each of all) each.go();
    const sealed = await Promise.all(
      all.map(async (each) => unwrap(JSON.parse(await each.nextLine()) as Result<string>)),
    );
    expect(await at.keys()).toHaveLength(1);
    const opened = await Promise.all(sealed.map((text) => at.with('a').open('race', text)));
    expect(opened).toEqual(['one', 'two', 'three', 'four'].map((data) => ({ kind: 'opened', data })));
    expect(await readdir(at.folder)).toEqual([`${MALL}.json`]);
  });

  test('of many in one process, under two secrets, has one key for each', async () => {
    const at = await bench();
    const secrets = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'a' : 'b'));
    await Promise.all(secrets.map(async (secret) => unwrap(await at.with(secret).seal('journal', CANARY))));
    expect(await at.keys()).toHaveLength(2);
  });

  test('is its owner’s alone', async () => {
    const at = await bench();
    await at.with('a').seal('journal', CANARY);
    expect((await stat(at.file)).mode & 0o777).toBe(0o600);
  });

  test('that cannot be kept: nothing is sealed, by name of the trouble', async () => {
    const at = await bench();
    const sealing = at.with('a');
    const refused = await whileReadOnly(at.folder, () => sealing.seal('journal', CANARY));
    expect(refused).toMatchObject({ ok: false, code: 'disk.readonly' });
    expect((await sealing.seal('journal', CANARY)).ok).toBe(true);
  });

  test('that cannot take the new wrap still serves with the key at hand', async () => {
    const at = await bench();
    const sealed = unwrap(await at.with('old').seal('journal', CANARY));
    const sealing = at.with('new', 'old');
    await whileReadOnly(at.folder, async () => {
      expect(await sealing.open('journal', sealed)).toEqual(OPENED);
      expect((await sealing.seal('journal', CANARY)).ok).toBe(true);
    });
    expect(at.log.lines.join()).toContain('could not be wrapped under the new client secret: disk.readonly');
  });

  test.runIf(MAY_MOUNT)('on a full disk: disk.full, and again when there is room', async () => {
    const at = await bench();
    mountSmallDisk(at.folder, '16k');
    await writeFile(path.join(at.folder, 'filler'), Buffer.alloc(16 * 1024)).catch(() => {});
    const sealing = at.with('a');
    expect(await sealing.seal('journal', CANARY)).toMatchObject({ ok: false, code: 'disk.full' });
    await writeFile(path.join(at.folder, 'filler'), '');
    expect((await sealing.seal('journal', CANARY)).ok).toBe(true);
  });
});
