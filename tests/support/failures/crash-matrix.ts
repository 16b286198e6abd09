/** One row of the crash matrix: a keeper killed at a moment of its work, what it left, and what the next start makes of it. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generationOf, intentOf } from '../../../shared/meta.ts';
import type { KeeperProcess } from './keeper-process.ts';
import { exchangeOf, type Scene } from './scene.ts';
import type { Point, WorkerView } from './worker-protocol.ts';

/** A point between two calls, or one on the wire, where only the server can tell where the request is. */
export type Moment =
  | Point
  /** The request has arrived at the server, which dies with it: nothing is applied. */
  | 'on the wire: arrived, not applied'
  /** The server has rotated (or used the code up), and its answer finds nobody. */
  | 'on the wire: applied';

export interface MatrixRow {
  readonly step: string;
  readonly onDisk: string;
  readonly inStore: string;
  readonly afterRestart: string;
  readonly inTheEnd: string;
  readonly requests: number;
}

export interface Matrix {
  readonly work: 'refresh' | 'consent';
  readonly store: 'redis' | 'local';
  readonly rows: readonly MatrixRow[];
}

const FOLDER = path.resolve(import.meta.dirname, '../../../out/failures');

/** For `scripts/guarantees.ts`, which writes the document after a run. */
export async function keepMatrix(matrix: Matrix): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(path.join(FOLDER, `matrix-${matrix.work}-${matrix.store}.json`), JSON.stringify(matrix));
}

/** Sets the trap at the moment, without springing it. */
export async function trap(scene: Scene, keeper: KeeperProcess, moment: Moment): Promise<void> {
  switch (moment) {
    case 'on the wire: arrived, not applied':
      scene.simulator.faults.add({ kind: 'drop', when: 'before' });
      scene.once('before', () => keeper.kill());
      return;
    case 'on the wire: applied':
      scene.once('after-apply', () => keeper.kill());
      return;
    default:
      await keeper.demand({ do: 'arm', armed: { point: moment, deed: 'SIGKILL' } });
  }
}

/** The attempts in the journal that are newer than `since`, in words. */
export async function onDisk(scene: Scene, since: number): Promise<string> {
  const attempts = (await scene.journal()).filter(({ openedAt }) => openedAt >= since);
  const words = attempts.map(
    ({ kind, outcome, settledAt, wiped }) =>
      `${kind} ${outcome}${settledAt === null ? '' : ', store knows'}${wiped ? ', wiped' : ''}`,
  );
  return words.join('; ') || 'nothing new';
}

/** What stands in the store, in words; without tokens. */
export async function inStore(scene: Scene): Promise<string> {
  const { meta, leaseOwner } = await scene.store();
  const intent = intentOf(meta);
  return [
    `generation ${generationOf(meta)}`,
    ...(intent ? [`intent ${intent.outcome}, try ${intent.tries}`] : []),
    ...(leaseOwner === null ? [] : ['lease stands']),
  ].join('; ');
}

export function inWords({ state, reason }: WorkerView): string {
  return reason === null ? String(state) : `${state} (${reason})`;
}

/** What the operator does at NEEDS_REAUTH, and what it leads to. */
export async function consentAgain(scene: Scene, keeper: KeeperProcess): Promise<WorkerView> {
  return await keeper.demand(exchangeOf(await scene.code()));
}
