/**
 * Sealing of what this install keeps of one mall (docs/keeper.md, 25): AES-256-GCM under a random key, which is itself
 * kept wrapped under the client secret. Without that secret a refresh token is useless anyway, and the command line
 * opens the same files without a keyring.
 */
import path from 'node:path';
import { isMallId } from '../../../shared/mall-id.ts';
import { done, failed, type Result } from '../../../shared/result.ts';
import type { Log } from '../../ports.ts';
import { diskCodeOf, ensureFolder, setAsideCorrupt, sweepLeftovers, writeDurably } from '../durable-file.ts';
import { withLock } from '../folder-lock.ts';
import { type KeyEntry, type KeyFile, type KeyFileReading, readKeyFile, type Wrap } from './key-file.ts';
import { parseSealedText } from './sealed-text.ts';
import { newKey, newKeyId, sealWith, unsealWith, unwrapKey, wrapKey } from './seals.ts';

export type Opening =
  | { readonly kind: 'opened'; readonly data: string }
  /** No secret at hand opens its key. It may well be whole: it is to be left where it is. */
  | { readonly kind: 'locked' }
  /** Not what was sealed: cut off, changed, or another purpose's. */
  | { readonly kind: 'corrupt' };

export interface Sealing {
  /**
   * Seals under this mall's newest key, beginning one where no secret at hand opens any. Fails with
   * `client.not_configured` without a secret, with `disk.*` where a new key cannot be kept.
   */
  seal(purpose: string, data: string): Promise<Result<string>>;
  /** `purpose` must be the one it was sealed for. */
  open(purpose: string, sealedText: string): Promise<Opening>;
}

export interface SealingOptions {
  /** The folder of the key files: `keys` in the data folder. */
  readonly folder: string;
  readonly mall: string;
  /** The client secret in use, then former ones; empty while none is configured. Asked anew at every call. */
  readonly secrets: () => readonly string[];
  readonly log: Log;
}

/** The keys as the secrets at hand open them. */
interface Ring {
  readonly secrets: readonly string[];
  readonly reading: KeyFileReading;
  /** By key id. */
  readonly opened: ReadonlyMap<string, Buffer>;
  /** Opened, but only by a former secret. */
  readonly toWrap: readonly string[];
}

/** One sealing per mall, made when it is first asked for. */
export function createSealings(
  options: Pick<SealingOptions, 'folder' | 'log'> & {
    readonly secrets: (mall: string) => readonly string[];
  },
): (mall: string) => Sealing {
  const made = new Map<string, Sealing>();
  return (mall) => {
    const sealing = made.get(mall) ?? openSealing({ ...options, mall, secrets: () => options.secrets(mall) });
    made.set(mall, sealing);
    return sealing;
  };
}

export function openSealing({ folder, mall, secrets, log }: SealingOptions): Sealing {
  if (!isMallId(mall)) throw new Error('not a mall id');
  const file = path.join(folder, `${mall}.json`);
  let cached: Ring | null = null;
  let reported = '';

  async function readRing(): Promise<Ring> {
    // A copy: the caller may change its list.
    const now = [...secrets()];
    const reading = await readKeyFile(file, mall, cached?.reading ?? null);
    if (cached && reading === cached.reading && isSame(now, cached.secrets)) return cached;
    if (reading.kind === 'damaged' && reported !== reading.stamp) {
      reported = reading.stamp;
      log.error('journal', 'the key file is damaged: what it opened stays locked', mall);
    }
    cached = ringOf(reading, now, mall);
    return cached;
  }

  /** Wraps what a former secret opened under the one in use, and begins a key where none opens. */
  async function renewKeys(): Promise<Ring> {
    await ensureFolder(folder);
    await sweepLeftovers(folder);
    return await withLock(`${file}.lock`, async (lock) => {
      const ring = await readRing();
      const [secret] = ring.secrets;
      if (secret === undefined || !needsRenewal(ring)) return ring;
      if (ring.reading.kind === 'damaged') {
        log.error('journal', `the damaged key file was set aside as ${await setAsideCorrupt(file)}`, mall);
      }
      const next = renewed(ring, secret, mall);
      await writeDurably(file, `${JSON.stringify(next, null, 2)}\n`, { mayReplace: lock.isHeld });
      return await readRing();
    });
  }

  async function renewIfNeeded(ring: Ring): Promise<Ring> {
    if (!needsRenewal(ring)) return ring;
    try {
      return await renewKeys();
    } catch (error) {
      const code = diskCodeOf(error);
      if (ring.opened.size === 0) throw error;
      // The key at hand still serves; only the next change of the secret would miss the wrap.
      log.warn('journal', `the key could not be wrapped under the new client secret: ${code}`, mall);
      return ring;
    }
  }

  return {
    async seal(purpose, data) {
      if (secrets().length === 0) return failed('client.not_configured');
      try {
        const ring = await renewIfNeeded(await readRing());
        const [id, key] = [...ring.opened].at(-1) ?? [];
        if (id === undefined || key === undefined) return failed('client.not_configured');
        return done(sealWith(key, id, contextOf(mall, purpose), data));
      } catch (error) {
        return failed(diskCodeOf(error), 'key file');
      }
    },
    async open(purpose, sealedText) {
      const sealed = parseSealedText(sealedText);
      if (sealed === 'rubbish') return { kind: 'corrupt' };
      if (sealed === 'later version') return { kind: 'locked' };
      let ring: Ring;
      try {
        ring = await readRing();
        // While the former secret is at hand: at the next start it may not be.
        if (ring.toWrap.length > 0) ring = await renewIfNeeded(ring);
      } catch (error) {
        log.warn('journal', `the key file cannot be read: ${diskCodeOf(error)}`, mall);
        return { kind: 'locked' };
      }
      const key = ring.opened.get(sealed.key);
      if (!key) return { kind: 'locked' };
      const data = unsealWith(key, contextOf(mall, purpose), sealed);
      return data === null ? { kind: 'corrupt' } : { kind: 'opened', data };
    },
  };
}

function contextOf(mall: string, purpose: string): string {
  return JSON.stringify(['cafe24-token-keeper', mall, purpose]);
}

function ringOf(reading: KeyFileReading, secrets: readonly string[], mall: string): Ring {
  const opened = new Map<string, Buffer>();
  const toWrap: string[] = [];
  for (const entry of reading.kind === 'read' ? reading.file.keys : []) {
    const found = unwrapEntry(entry, secrets, mall);
    if (!found) continue;
    opened.set(entry.id, found.key);
    if (found.secret !== secrets[0]) toWrap.push(entry.id);
  }
  return { secrets, reading, opened, toWrap };
}

/** Secrets in their order, so that a key wrapped under the one in use is known as such. */
function unwrapEntry(
  entry: KeyEntry,
  secrets: readonly string[],
  mall: string,
): { readonly key: Buffer; readonly secret: string } | null {
  for (const secret of secrets) {
    for (const wrap of entry.wraps) {
      const key = unwrapKey(wrap, secret, mall, entry.id);
      if (key) return { key, secret };
    }
  }
  return null;
}

function needsRenewal({ secrets, opened, toWrap }: Ring): boolean {
  return secrets.length > 0 && (opened.size === 0 || toWrap.length > 0);
}

/** The key file with every key at hand wrapped under `secret`, and a new key where none is at hand; nothing is dropped. */
function renewed({ reading, opened, toWrap }: Ring, secret: string, mall: string): KeyFile {
  const former = reading.kind === 'read' ? reading.file.keys : [];
  const keys = former.map((entry) => {
    const key = toWrap.includes(entry.id) ? opened.get(entry.id) : undefined;
    return key ? { ...entry, wraps: [...entry.wraps, wrapKey(key, secret, mall, entry.id)] } : entry;
  });
  if (opened.size > 0) return { v: 1, mall, keys };
  const id = newKeyId();
  const wraps: readonly Wrap[] = [wrapKey(newKey(), secret, mall, id)];
  return { v: 1, mall, keys: [...keys, { id, wraps }] };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
