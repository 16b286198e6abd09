/**
 * The command line: plain Node over the same core as the desktop app. Only an answer goes to stdout; everything else
 * goes to stderr (design, section 2).
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import type { Code } from '../shared/codes.ts';
import { type Locale, localeOf } from '../shared/locale.ts';
import { codeText } from '../shared/messages/message.ts';
import { formatDateTime } from '../shared/seoul-time.ts';
import { locateDataFolder, openDataFolder } from './adapters/data-folder.ts';
import { createClosedVault } from './adapters/secrets/closed-vault.ts';
import { readSettingsFile } from './adapters/settings/read-settings-file.ts';
import { realTimers } from './adapters/timers.ts';
import { type Core, composeCore } from './compose-core.ts';
import { EXIT, exitOfState, statusJsonOf } from './core/cli-answers.ts';
import { type Keeper, usableAccess } from './core/keeper.ts';
import { mallSnapshotOf } from './core/mall-snapshot.ts';
import { refreshNow } from './core/refresh-now.ts';

const USAGE = `Usage: cafe24-token-keeper COMMAND [OPTIONS]

Commands
  token      print a valid access token, refreshing first where needed (0, else 3)
  status     print the state of the connection (0 well, 3 consent needed, 4 blocked or unconfirmed)
  refresh    refresh now and print what came of it

Options
  --mall ID        the shop, where several are configured
  --data-dir DIR   the data folder
  --ephemeral      never redeem a refresh token: only read and record
  --json           status as JSON
  --help, --version

Exit codes: 0 fine, 1 error, 2 usage, 3 consent needed, 4 blocked or unconfirmed.
`;

const COMMANDS = ['token', 'status', 'refresh'] as const;
type Command = (typeof COMMANDS)[number];

interface Request {
  readonly command: Command;
  readonly mall: string | null;
  readonly dataDir: string | null;
  readonly ephemeral: boolean;
  readonly json: boolean;
}

const locale: Locale = localeOf(process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? '');

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function sayCode(code: Code, params: Readonly<Record<string, string | number>> = {}): void {
  const { title, todo } = codeText(locale, code, params);
  say(`${code}: ${title}. ${todo}`);
}

/** The request, or the exit code where there is nothing to do but answer. */
function readRequest(argv: readonly string[]): Request | number {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        mall: { type: 'string' },
        'data-dir': { type: 'string' },
        ephemeral: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return EXIT.ok;
    }
    if (values.version) {
      process.stdout.write(`${versionOf()}\n`);
      return EXIT.ok;
    }
    const [name, ...more] = positionals;
    const command = COMMANDS.find((each) => each === name);
    if (!command || more.length > 0)
      throw new Error(
        name === undefined ? 'a command is missing' : `unknown command: ${positionals.join(' ')}`,
      );
    return {
      command,
      mall: values.mall ?? null,
      dataDir: values['data-dir'] ?? null,
      ephemeral: values.ephemeral,
      json: values.json,
    };
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return EXIT.usage;
  }
}

function versionOf(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json');
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

async function run(request: Request): Promise<number> {
  const surroundings = { env: process.env, cwd: process.cwd(), packaged: false };
  const dataFolder = await openDataFolder(locateDataFolder(surroundings, request.dataDir));
  if (!dataFolder.keeps) sayCode(dataFolder.why ?? 'keeper.read_only', { path: dataFolder.folder });
  const core = await composeCore({
    ...surroundings,
    dataFolder,
    settings: await readSettingsFile(dataFolder.folder),
    vault: createClosedVault(),
    ephemeral: request.ephemeral,
    log: { name: 'cli', console: false },
  });
  try {
    for (const { code, name } of core.configuration.problems) sayCode(code, { name });
    const unreadable = core.configuration.problems.find(({ code }) => code === 'config.secret_in_keyring');
    if (unreadable) return EXIT.error;
    const keeper = chooseKeeper(core, request.mall);
    return keeper ? await answer(request, core, keeper) : EXIT.usage;
  } finally {
    await core.stop();
  }
}

function chooseKeeper({ keepers }: Core, mall: string | null): Keeper | null {
  const [first, ...others] = keepers;
  const found =
    mall === null
      ? others.length === 0
        ? first
        : undefined
      : keepers.find((keeper) => keeper.mall === mall);
  if (found) return found;
  if (first === undefined) sayCode('config.missing_value', { name: 'CAFE24_MALL_ID' });
  else say(`--mall is one of: ${keepers.map((keeper) => keeper.mall).join(', ')}`);
  return null;
}

function answer(request: Request, core: Core, keeper: Keeper): Promise<number> {
  switch (request.command) {
    case 'token':
      return printToken(core, keeper);
    case 'status':
      return printStatus(core, keeper, request.json);
    case 'refresh':
      return printRefresh(core, keeper);
  }
}

/** 0 while the token is valid whatever the state: a program that asks for a token is not to be stopped by a warning. */
async function printToken({ clock }: Core, keeper: Keeper): Promise<number> {
  let set = usableAccess(await keeper.look(), clock.now());
  if (!set) {
    await refreshNow(keeper, clock, realTimers);
    set = usableAccess(keeper.view(), clock.now());
  }
  if (!set) {
    const { state, waitsFor, sight } = keeper.view();
    const code =
      sight?.store.kind === 'down' ? sight.store.code : (state?.reason ?? waitsFor ?? 'internal.error');
    sayCode(code);
    return EXIT.needsConsent;
  }
  process.stdout.write(`${set.accessToken}\n`);
  return EXIT.ok;
}

async function printStatus(core: Core, keeper: Keeper, json: boolean): Promise<number> {
  const view = await keeper.look();
  const configuration = core.configuration.malls.find(({ mall }) => mall === keeper.mall);
  const facts = await core.store.facts();
  if (!configuration) return EXIT.error;
  const snapshot = mallSnapshotOf({
    configuration,
    view,
    store: {
      kind: core.configuration.store.kind === 'local' ? 'local' : 'redis',
      place: facts.ok ? facts.value.place : '',
      warnings: facts.ok ? facts.value.warnings : [],
    },
    flow: { phase: 'idle', last: null },
    cannotReauthorize: null,
    isTesting: false,
    lastAction: null,
    now: core.clock.now(),
  });
  const { simulator } = core.configuration;
  if (json) process.stdout.write(`${JSON.stringify(statusJsonOf(snapshot, simulator))}\n`);
  else process.stdout.write(`${linesOf(snapshot, simulator).join('\n')}\n`);
  if (!view.state) return EXIT.error;
  return exitOfState(snapshot.state);
}

function linesOf(snapshot: ReturnType<typeof mallSnapshotOf>, simulator: boolean): readonly string[] {
  const { mall, state, reason, deadlineAt, accessExpiresAt, store, notices } = snapshot;
  const at = (time: number | null) => (time === null ? '-' : formatDateTime(locale, time));
  return [
    `${mall}  ${state}${reason ? `  ${reason}` : ''}${simulator ? '  (simulator)' : ''}`,
    `refresh token until  ${at(deadlineAt)}`,
    `access token until   ${at(accessExpiresAt)}`,
    `store                ${store.place || store.kind}${store.reachable === false ? '  (does not answer)' : ''}`,
    ...notices.map(
      ({ code, params }) => `notice               ${code}: ${codeText(locale, code, params).title}`,
    ),
  ];
}

async function printRefresh({ clock }: Core, keeper: Keeper): Promise<number> {
  const { code, params } = await refreshNow(keeper, clock, realTimers);
  const isFine = code === 'refresh.done' || code === 'refresh.already_fresh' || code === 'refresh.by_another';
  if (isFine) process.stdout.write(`${code}\n`);
  else sayCode(code, params);
  if (isFine) return EXIT.ok;
  const { state } = keeper.view();
  return state ? exitOfState(state.state) || EXIT.error : EXIT.error;
}

const request = readRequest(process.argv.slice(2));
const exitCode =
  typeof request === 'number'
    ? request
    : await run(request).catch((error: unknown) => {
        // Without the message: it is not redacted here.
        say(`internal.error: ${error instanceof Error ? error.name : typeof error}`);
        return EXIT.error;
      });
// Everything is closed by now; what may be left is a library's timer. The answer is on its way before we go.
process.stdout.write('', () => process.exit(exitCode));
