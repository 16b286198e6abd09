// npm start: the app itself where a shop is configured, otherwise a trial with a simulated shop.
// npm start -- --real starts the app unconfigured, to set it up in its window; --trial tries it in any case.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.ts';
import { type Environment, runAttached } from './child-process.ts';
import { runDemo } from './demo.ts';
import { hasDisplay, withDesktop } from './desktop.ts';
import { runScript, say } from './messages.ts';
import { namesShop, withoutProductNames } from './product-environment.ts';
import { describeRuntime, findRuntime, type Runtime } from './runtime.ts';
import { ensureSystemPackages } from './system-packages.ts';
import { startTrial } from './trial.ts';

const PROJECT = path.resolve(import.meta.dirname, '..');

async function start(): Promise<number> {
  const { values } = parseArgs({ options: { real: { type: 'boolean' }, trial: { type: 'boolean' } } });
  const seen = hasDisplay();
  await ensureSystemPackages([
    'electron',
    ...(seen ? [] : (['display', 'bus', 'panel', 'fonts', 'input', 'screenshots', 'browser'] as const)),
  ]);
  const runtime = await findRuntime();
  say(describeRuntime(runtime));
  await buildIfStale();
  const real = values.real || (!values.trial && (await namesShop(process.cwd(), process.env)));
  if (real) {
    if (seen) return runApp(runtime, process.env);
    say('no display: the app runs on a desktop of its own, unseen');
    return withDesktop({ kind: 'panel' }, ({ env }) =>
      runApp(runtime, { ...process.env, ...withoutHome(env) }),
    );
  }
  const trial = await startTrial();
  try {
    say(`no shop is configured: a trial with a simulated one, at ${trial.simulatorOrigin}`);
    if (!seen) return await runDemo(trial);
    return await runApp(
      runtime,
      { ...withoutProductNames(process.env), ...trial.productEnv },
      { cwd: trial.folder, args: [`--user-data-dir=${path.join(trial.folder, 'profile')}`] },
    );
  } finally {
    await trial.stop();
  }
}

function runApp(
  { executable }: Runtime,
  env: Environment,
  options: { readonly cwd?: string; readonly args?: readonly string[] } = {},
): Promise<number> {
  // Chromium's sandbox refuses to run as root; as an ordinary user it stays on.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return runAttached(executable, [...sandbox, ...(options.args ?? []), PROJECT], {
    env,
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
}

/** A private display, but the person's own data folder. */
function withoutHome(env: Readonly<Record<string, string>>): Environment {
  const { HOME: _home, XDG_CONFIG_HOME: _config, XDG_DATA_HOME: _data, ...rest } = env;
  return rest;
}

await runScript(start);
