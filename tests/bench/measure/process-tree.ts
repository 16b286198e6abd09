/** What a program and everything it started cost, read from /proc; Linux only. */
import { readdir, readFile } from 'node:fs/promises';
import { sum } from './statistics.ts';

export interface Memory {
  /** Proportional set size over all processes: shared pages are counted once. */
  readonly pssMb: number;
  readonly processes: number;
}

/** What each thread has done since it began, by thread id. */
export type WorkByThread = ReadonlyMap<string, Work>;

export interface Work {
  readonly cpuMs: number;
  /** Voluntary context switches: each is a wake-up that ended. */
  readonly wakeUps: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const sizes = await Promise.all((await treeOf(pid)).map(pssKbOf));
  return { pssMb: sum(sizes) / 1024, processes: sizes.filter((size) => size > 0).length };
}

export async function workOf(pid: number): Promise<WorkByThread> {
  const works = new Map<string, Work>();
  for (const process of await treeOf(pid)) {
    for (const thread of await readdir(`/proc/${process}/task`).catch(() => [])) {
      works.set(thread, await workOfThread(`/proc/${process}/task/${thread}`));
    }
  }
  return works;
}

/** What was done between two readings; threads that ended between them are left out. */
export function workBetween(before: WorkByThread, after: WorkByThread): Work {
  const since = (of: (work: Work) => number): number =>
    sum([...after].map(([thread, work]) => of(work) - of(before.get(thread) ?? NOTHING_YET)));
  return { cpuMs: since(({ cpuMs }) => cpuMs), wakeUps: since(({ wakeUps }) => wakeUps) };
}

const NOTHING_YET: Work = { cpuMs: 0, wakeUps: 0 };

async function treeOf(root: number): Promise<readonly number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number((await fieldsOf(`/proc/${name}/stat`))[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

async function pssKbOf(pid: number): Promise<number> {
  const rollup = await textOf(`/proc/${pid}/smaps_rollup`);
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
}

async function workOfThread(folder: string): Promise<Work> {
  // The scheduler's own account, in nanoseconds: that of `stat` is in steps of 10 ms, as much as an idle app needs in a minute.
  const [onCpuNs] = (await textOf(`${folder}/schedstat`)).split(' ');
  const status = await textOf(`${folder}/status`);
  return {
    cpuMs: Number(onCpuNs) / 1e6,
    wakeUps: Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0),
  };
}

/** The fields of proc(5) `stat` from the state on: a program's name may hold spaces and brackets. */
async function fieldsOf(file: string): Promise<readonly string[]> {
  const text = await textOf(file);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Empty where the process is gone. */
async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}
