/**
 * The command line: plain Node over the same core as the desktop app. Only an answer goes to stdout; everything else
 * goes to stderr (README.md, "Command line"). Each command is a file of `commands/`.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import type { Configuration } from '../shared/configuration.ts';
import { localeOf } from '../shared/locale.ts';
import { checkExpiry } from './commands/check-expiry.ts';
import { type Command, createTerminal } from './commands/command.ts';
import { refresh } from './commands/refresh.ts';
import { status } from './commands/status.ts';
import { readChannel, testWarning } from './commands/test-warning.ts';
import { token } from './commands/token.ts';
import type { Core } from './compose-core.ts';
import { composeHeadless } from './compose-headless.ts';
import { EXIT } from './core/cli-answers.ts';

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['token', token],
  ['status', status],
  ['refresh', refresh],
  ['check-expiry', checkExpiry],
  ['test-warning', testWarning],
]);

/** These use no refresh token up, also where one is due. */
const HARMLESS: ReadonlySet<Command> = new Set([status, testWarning]);

const USAGE = `Usage: cafe24-token-keeper COMMAND [OPTIONS]

Commands
  token                 print a valid access token, refreshing first where needed (0, else 3)
  status                print the state of the connection; never refreshes
  refresh               refresh now and print what came of it
  check-expiry          the daily check: warn by Slack and mail of what is due
  test-warning CHANNEL  send a test message by slack or mail

Options
  --mall ID        the shop, where several are configured
  --data-dir DIR   the data folder
  --ephemeral      never redeem a refresh token: only read, warn and record
  --no-refresh     the same as --ephemeral
  --json           status as JSON
  --help, --version

Exit codes: 0 well (also when it expires soon), 1 error, 2 usage, 3 consent needed, 4 blocked or unconfirmed.
`;

interface Request {
  readonly command: Command;
  readonly words: readonly string[];
  readonly mall: string | null;
  readonly dataDir: string | null;
  readonly ephemeral: boolean;
  readonly json: boolean;
}

const terminal = createTerminal(
  localeOf(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || ''),
);

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
        'no-refresh': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      terminal.answer(USAGE.trimEnd());
      return EXIT.ok;
    }
    if (values.version) {
      terminal.answer(versionOf());
      return EXIT.ok;
    }
    const [name, ...words] = positionals;
    const command = COMMANDS.get(name ?? '');
    if (!command) throw new Error(name === undefined ? 'a command is missing' : `unknown command: ${name}`);
    if (command === testWarning) readChannel(words);
    else if (words.length > 0) throw new Error(`too many words: ${words.join(' ')}`);
    return {
      command,
      words,
      mall: values.mall ?? null,
      dataDir: values['data-dir'] ?? null,
      ephemeral: values.ephemeral || values['no-refresh'],
      json: values.json,
    };
  } catch (error) {
    terminal.say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
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
  const opened = await composeHeadless({
    env: process.env,
    dataDir: request.dataDir,
    ephemeral: request.ephemeral,
    onlyLooks: HARMLESS.has(request.command),
    name: 'cli',
    locale: () => terminal.locale,
    isEnough: ({ malls }) => chosenOf(malls, request.mall) !== null,
  });
  if (opened.kind === 'idle') {
    sayProblems(opened.configuration);
    sayChoice(opened.configuration);
    return EXIT.usage;
  }
  const { core } = opened;
  try {
    return await runWith(core, request);
  } finally {
    await core.stop();
  }
}

async function runWith(core: Core, { command, words, mall, json }: Request): Promise<number> {
  const { configuration, dataFolder, keepers } = core;
  if (!dataFolder.keeps) terminal.sayCode(dataFolder.why ?? 'keeper.read_only', { path: dataFolder.folder });
  sayProblems(configuration);
  // A secret that cannot be read here must not send anybody to another store, or to a wrong-secret alarm.
  if (configuration.problems.some(({ code }) => code === 'config.secret_in_keyring')) return EXIT.error;
  const keeper = chosenOf(keepers, mall);
  if (keeper) return await command({ core, keeper, terminal, json, words });
  sayChoice(configuration);
  return EXIT.usage;
}

/** The shop that was asked for, or the only one. */
function chosenOf<Shop extends { readonly mall: string }>(
  shops: readonly Shop[],
  asked: string | null,
): Shop | null {
  const [only = null] = shops.length === 1 ? shops : [];
  return asked === null ? only : (shops.find(({ mall }) => mall === asked) ?? null);
}

/** Each code once, with the names of all that it concerns. */
function sayProblems({ problems, missing }: Configuration): void {
  const named = [...problems, ...missing.map((name) => ({ code: 'config.missing_value', name }) as const)];
  for (const code of new Set(named.map((each) => each.code))) {
    const names = named.flatMap((each) => (each.code === code ? [each.name] : []));
    terminal.sayCode(code, { name: [...new Set(names)].join(', ') });
  }
}

function sayChoice({ malls }: Configuration): void {
  if (malls.length > 0) terminal.say(`--mall is one of: ${malls.map(({ mall }) => mall).join(', ')}`);
}

const request = readRequest(process.argv.slice(2));
const exitCode =
  typeof request === 'number'
    ? request
    : await run(request).catch((error: unknown) => {
        // Without the message: it is not redacted here.
        terminal.say(`internal.error: ${error instanceof Error ? error.name : typeof error}`);
        return EXIT.error;
      });
// Everything is closed by now; what may be left is a library's timer. The answer is on its way before we go.
process.stdout.write('', () => process.exit(exitCode));
