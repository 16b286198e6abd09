/**
 * The files of the local store: `{mall}.json`, and where that one is locked and a consent under a new client secret had
 * to be kept, `{mall}.2.json` and so on beside it. **The highest number alone is the mall's place**: two programs with
 * different secrets must not each take another file for it and keep two leases on one shop. Who cannot open the
 * highest finds the store locked. A former file stays as it is, for ever: nothing here may conclude that it is of no use.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMallId } from '../../../shared/mall-id.ts';
import { failed, type Result } from '../../../shared/result.ts';
import type { Log } from '../../ports.ts';
import { isMissing, setAsideCorrupt, writeDurably } from '../durable-file.ts';
import type { HeldLock } from '../folder-lock.ts';
import type { Sealing } from '../sealing/sealing.ts';
import { EMPTY_PLACE, type Place, parsePlace, writePlace } from './place.ts';

const PURPOSE = 'store';

export type PlaceReading =
  /** `number` is that of the file; 0 where there is none. */
  | { readonly kind: 'read'; readonly number: number; readonly place: Place }
  | { readonly kind: 'locked'; readonly number: number }
  | { readonly kind: 'corrupt'; readonly number: number };

export interface PlaceFiles {
  /** What stands there, without a lock: a file is replaced whole. Throws what the file system throws. */
  read(mall: string): Promise<PlaceReading>;
  write(mall: string, number: number, place: Place, lock: HeldLock): Promise<Result<void>>;
  /** Puts a damaged file out of the way, under the lock. */
  setAside(mall: string, number: number): Promise<void>;
  lockOf(mall: string): string;
  /** The mall whose place a file of this name is; null for any other file. */
  mallOf(name: string): string | null;
}

export function createPlaceFiles(folder: string, sealing: (mall: string) => Sealing, log: Log): PlaceFiles {
  const fileOf = (mall: string, number: number) =>
    path.join(folder, number === 1 ? `${mall}.json` : `${mall}.${number}.json`);

  async function read(mall: string): Promise<PlaceReading> {
    if (!isMallId(mall)) throw new Error('not a mall id');
    const number = await highestOf(folder, mall);
    if (number === 0) return { kind: 'read', number, place: EMPTY_PLACE };
    const sealed = await textOf(fileOf(mall, number));
    // Set aside by another process since the folder was listed.
    if (sealed === null) return await read(mall);
    const opening = await sealing(mall).open(PURPOSE, sealed);
    if (opening.kind !== 'opened') return { kind: opening.kind, number };
    const place = parsePlace(opening.data, mall);
    return place ? { kind: 'read', number, place } : { kind: 'corrupt', number };
  }

  return {
    read,
    async write(mall, number, place, lock) {
      const sealed = await sealing(mall).seal(PURPOSE, writePlace(place, mall));
      if (!sealed.ok) return failed(sealed.code, sealed.detail);
      await writeDurably(fileOf(mall, Math.max(number, 1)), sealed.value, { mayReplace: lock.isHeld });
      return { ok: true, value: undefined };
    },
    async setAside(mall, number) {
      log.error(
        'store',
        `the file was damaged and set aside as ${await setAsideCorrupt(fileOf(mall, number))}`,
        mall,
      );
    },
    lockOf: (mall) => path.join(folder, `${mall}.lock`),
    mallOf: (name) => parseName(name)?.mall ?? null,
  };
}

async function highestOf(folder: string, mall: string): Promise<number> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const numbers = names.map(parseName).flatMap((file) => (file?.mall === mall ? [file.number] : []));
  return Math.max(0, ...numbers);
}

function parseName(name: string): { readonly mall: string; readonly number: number } | null {
  const [, mall, number] = /^([a-z0-9-]+)(?:\.([1-9]\d{0,5}))?\.json$/.exec(name) ?? [];
  if (mall === undefined || !isMallId(mall)) return null;
  return { mall, number: Number(number ?? 1) };
}

async function textOf(file: string): Promise<string | null> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}
