// npm run bench [-- --quick] [-- --only=window,others,refresh,scale,app]: prints how the product compares, in one run and side by side.
// A whole run also writes docs/benchmarks.md and the README's numbers; a quick or partial one writes nothing.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildIfStale } from '../../scripts/build.ts';
import { run } from '../../scripts/child-process.ts';
import { runScript, SetupError, say } from '../../scripts/messages.ts';
import { findRuntime } from '../../scripts/runtime.ts';
import { ensureSystemPackages, findProgram } from '../../scripts/system-packages.ts';
import { measureApp } from './app/app-cost.ts';
import { compareWithOthers } from './peers/others.ts';
import { measureRefresh } from './refresh/refresh-cost.ts';
import { measureRenderer } from './renderer-size.ts';
import { conditionsOf, documentOf, goalTableOf } from './report/markdown.ts';
import { MENDED } from './report/mended.ts';
import { withNumbers } from './report/readme-numbers.ts';
import { measureScale } from './scale/scale.ts';
import type { Measure, Section } from './section.ts';

const DOCS = path.resolve(import.meta.dirname, '../../docs');

const README = path.join(DOCS, '../README.md');

/** A run that hangs must not hold a machine for ever. */
const BOUND_MS = 20 * 60_000;

const PARTS: Readonly<Record<string, Measure>> = {
  window: measureRenderer,
  others: compareWithOthers,
  refresh: measureRefresh,
  scale: measureScale,
  app: measureApp,
};

async function bench(): Promise<number> {
  setTimeout(() => {
    console.error(`the benchmark did not end within ${BOUND_MS / 60_000} minutes`);
    process.exit(1);
  }, BOUND_MS).unref();
  const quick = process.argv.includes('--quick');
  const only = process.argv.find((each) => each.startsWith('--only='))?.slice('--only='.length);
  const names = only?.split(',') ?? Object.keys(PARTS);
  await ensureSystemPackages(['electron', 'display', 'bus', 'redis']);
  await buildIfStale();
  const sections: Section[] = [];
  for (const name of names) {
    const measure = PARTS[name];
    if (!measure) throw new SetupError(`no such part: ${name}; there are ${Object.keys(PARTS).join(', ')}`);
    say(`measuring: ${name}`);
    sections.push(await measure(quick));
  }
  const document = documentOf(
    quick ? sections : [...sections, MENDED],
    conditionsOf(await versions(), new Date()),
  );
  console.log(document);
  if (!quick && only === undefined) await write(document, sections);
  const failed = sections.flatMap(({ goals }) => goals).filter(({ isMet, isCertain }) => !isMet && isCertain);
  if (failed.length > 0)
    console.log(goalTableOf([{ title: '', text: [], tables: [], plots: [], goals: failed }]));
  return failed.length === 0 ? 0 : 1;
}

async function write(document: string, sections: readonly Section[]): Promise<void> {
  await mkdir(path.join(DOCS, 'benchmarks'), { recursive: true });
  await writeFile(path.join(DOCS, 'benchmarks.md'), document);
  for (const { file, svg } of sections.flatMap(({ plots }) => plots))
    await writeFile(path.join(DOCS, 'benchmarks', file), svg);
  const readme = await readFile(README, 'utf8');
  await writeFile(README, withNumbers(readme, sections));
  say("docs/benchmarks.md and the README's numbers are written");
}

async function versions(): Promise<Readonly<Record<string, string>>> {
  const redis = await run(findProgram('redis-server') ?? 'redis-server', ['--version'], { timeoutMs: 5_000 });
  const manifest = path.join(import.meta.dirname, 'peers/package.json');
  const { dependencies } = JSON.parse(await readFile(manifest, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return {
    Node: process.versions.node,
    Electron: (await findRuntime()).version,
    Redis: /v=(\S+)/.exec(redis.stdout)?.[1] ?? 'unknown',
    ...dependencies,
  };
}

await runScript(bench);
