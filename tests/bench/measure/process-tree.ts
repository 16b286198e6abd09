/** What a program and everything it started cost, read from /proc; Linux only. */
import { readdir, readFile } from 'node:fs/promises';
import { sum } from './statistics.ts';

export interface Memory {
  /** Proportional set size over all processes: shared pages are counted once. */
  readonly pssMb: number;
  readonly processes: number;
}

/** Counters since each process's start: two readings are subtracted. */
export interface Work {
  readonly cpuMs: number;
  /** Voluntary context switches of all threads: each is a wake-up that ended. */
  readonly wakeUps: number;
}

/** USER_HZ, which the kernel fixes at 100 for programs on every architecture that Electron runs on. */
const MS_PER_TICK = 10;

export async function memoryOf(pid: number): Promise<Memory> {
  const sizes = await Promise.all((await treeOf(pid)).map(pssKbOf));
  return { pssMb: sum(sizes) / 1024, processes: sizes.filter((size) => size > 0).length };
}

export async function workOf(pid: number): Promise<Work> {
  const works = await Promise.all((await treeOf(pid)).map(workOfOne));
  return { cpuMs: sum(works.map(({ cpuMs }) => cpuMs)), wakeUps: sum(works.map(({ wakeUps }) => wakeUps)) };
}

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

async function workOfOne(pid: number): Promise<Work> {
  const fields = await fieldsOf(`/proc/${pid}/stat`);
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const switches = await Promise.all(
    threads.map(async (thread) => {
      const status = await textOf(`/proc/${pid}/task/${thread}/status`);
      return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    }),
  );
  return { cpuMs: ticks * MS_PER_TICK, wakeUps: sum(switches) };
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
