/**
 * The command line: plain Node over the same core as the desktop app. Only an answer goes to stdout; everything else
 * goes to stderr (design, section 2). Each command is a file of `commands/`.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { localeOf } from '../shared/locale.ts';
import { locateDataFolder, openDataFolder } from './adapters/data-folder.ts';
import { createClosedVault } from './adapters/secrets/closed-vault.ts';
import { readSettingsFile } from './adapters/settings/read-settings-file.ts';
import { checkExpiry } from './commands/check-expiry.ts';
import { type Command, createTerminal } from './commands/command.ts';
import { refresh } from './commands/refresh.ts';
import { status } from './commands/status.ts';
import { testWarning } from './commands/test-warning.ts';
import { token } from './commands/token.ts';
import { type Core, composeCore, openLogging } from './compose-core.ts';
import { EXIT } from './core/cli-answers.ts';
import type { Keeper } from './core/keeper.ts';

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['token', token],
  ['status', status],
  ['refresh', refresh],
  ['check-expiry', checkExpiry],
  ['test-warning', testWarning],
]);

const USAGE = `Usage: cafe24-token-keeper COMMAND [OPTIONS]

Commands
  token                 print a valid access token, refreshing first where needed (0, else 3)
  status                print the state of the connection
  refresh               refresh now and print what came of it
  check-expiry          the daily check: warn by Slack and mail of what is due
  test-warning CHANNEL  send a test message by slack or mail

Options
  --mall ID        the shop, where several are configured
  --data-dir DIR   the data folder
  --ephemeral      never redeem a refresh token: only read, warn and record
  --no-refresh     check-expiry: the same as --ephemeral
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
  localeOf(process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? ''),
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
    if (words.length > 0 && command !== testWarning) throw new Error(`too many words: ${words.join(' ')}`);
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

async function run({ command, words, mall, dataDir, ephemeral, json }: Request): Promise<number> {
  const surroundings = { env: process.env, cwd: process.cwd(), packaged: false };
  const dataFolder = await openDataFolder(locateDataFolder(surroundings, dataDir));
  if (!dataFolder.keeps) terminal.sayCode(dataFolder.why ?? 'keeper.read_only', { path: dataFolder.folder });
  const core = await composeCore({
    ...surroundings,
    dataFolder,
    settings: await readSettingsFile(dataFolder.folder),
    vault: createClosedVault(),
    ephemeral,
    locale: () => terminal.locale,
    logging: openLogging(dataFolder, { name: 'cli', console: false }),
  });
  try {
    for (const { code, name } of core.configuration.problems) terminal.sayCode(code, { name });
    // A secret that cannot be read here must not send anybody to another store, or to a wrong-secret alarm.
    if (core.configuration.problems.some(({ code }) => code === 'config.secret_in_keyring'))
      return EXIT.error;
    const keeper = chooseKeeper(core, mall);
    return keeper ? await command({ core, keeper, terminal, json, words }) : EXIT.usage;
  } finally {
    await core.stop();
  }
}

function chooseKeeper({ keepers, configuration }: Core, mall: string | null): Keeper | null {
  const [first, ...others] = keepers;
  const only = others.length === 0 ? first : undefined;
  const found = mall === null ? only : keepers.find((keeper) => keeper.mall === mall);
  if (found) return found;
  const isTold = configuration.problems.some(({ name }) => name === 'CAFE24_MALL_ID');
  if (first === undefined && !isTold) terminal.sayCode('config.missing_value', { name: 'CAFE24_MALL_ID' });
  else if (first !== undefined)
    terminal.say(`--mall is one of: ${keepers.map((keeper) => keeper.mall).join(', ')}`);
  return null;
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
