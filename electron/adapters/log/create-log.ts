/** The one logger: a line per event on stderr and in a rotating file, redacted before it goes anywhere. */
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import electronLog from 'electron-log/node.js';
import type { Log, LogArea } from '../../ports.ts';
import type { Redactor } from './redactor.ts';

export interface LogOptions {
  /** Folder of the files; null keeps none (a data folder that keeps nothing). */
  readonly folder: string | null;
  /** File name without `.log`. One per program: two that share a file would rotate it under each other. */
  readonly name: string;
  /** Whether lines go to stderr too (never to stdout: that is the command line's answer). */
  readonly console: boolean;
  readonly redactor: Redactor;
  /** A file is rotated above this; default 1 MiB. */
  readonly maxBytes?: number;
}

/** `keeper.1.log` is the newest of the former files. */
const FORMER_FILES = 4;

type Level = 'info' | 'warn' | 'error';

/** Lines are written before the call returns, so that a crash loses none; a disk that takes none stops nothing. */
export function createLog(options: LogOptions): Log {
  // The library tells what it cannot write through its default logger, on stderr: in one line, without a stack.
  electronLog.transports.console.format = ({ data }) => [data.map(String).join(': ')];
  const logger = electronLog.create({ logId: `${options.folder ?? ''}/${options.name}` });
  const { file, console: terminal, ipc, remote } = logger.transports;
  for (const unused of [ipc, remote]) if (unused) unused.level = false;

  logger.hooks.push((message) => {
    const [line] = message.data;
    const safe = oneLine(options.redactor.redact(String(line)));
    return { ...message, data: [`${message.date.toISOString()} ${message.level} ${safe}`] };
  });

  terminal.level = options.console ? 'info' : false;
  terminal.writeFn = ({ message }) => void process.stderr.write(`${message.data[0]}\n`);
  terminal.format = ({ data }) => data;
  terminal.transforms = [];

  file.level = options.folder === null ? false : 'info';
  file.setAppName('cafe24-token-keeper');
  file.resolvePathFn = () => path.join(options.folder ?? '.', `${options.name}.log`);
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  file.maxSize = options.maxBytes ?? 1024 ** 2;
  file.format = ({ data }) => data;
  file.archiveLogFn = (current) => rotate(current.toString());

  const write = (level: Level) => (area: LogArea, what: string, id?: string) =>
    logger[level](`[${area}] ${what}${id === undefined ? '' : ` ${id}`}`);
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** Moves `keeper.log` to `keeper.1.log` and so on; what cannot be moved is written on. */
function rotate(current: string): void {
  const { dir, name } = path.parse(current);
  const former = (index: number) => path.join(dir, `${name}.${index}.log`);
  try {
    rmSync(former(FORMER_FILES), { force: true });
    for (let index = FORMER_FILES - 1; index >= 1; index -= 1)
      renameIfThere(former(index), former(index + 1));
    renameSync(current, former(1));
  } catch {
    // Another program holds the file open (Windows): the next line tries again.
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** A value from outside must not be able to forge a second line or drive a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}
