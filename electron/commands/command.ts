/** What every command of the command line works with. Its answer goes to stdout, everything else to stderr. */
import type { Code } from '../../shared/codes.ts';
import type { Locale } from '../../shared/locale.ts';
import { codeText } from '../../shared/messages/message.ts';
import type { Params } from '../../shared/snapshot.ts';
import type { Core } from '../compose-core.ts';
import type { Keeper } from '../core/keeper.ts';

export interface Terminal {
  readonly locale: Locale;
  /** One line of the answer. */
  answer(line: string): void;
  say(line: string): void;
  /** A code with its words. */
  sayCode(code: Code, params?: Params): void;
}

export interface CommandContext {
  readonly core: Core;
  readonly keeper: Keeper;
  readonly terminal: Terminal;
  readonly json: boolean;
  /** The words after the command's name. */
  readonly words: readonly string[];
}

/** Ends with the exit code. */
export type Command = (context: CommandContext) => Promise<number>;

export function createTerminal(locale: Locale): Terminal {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  return {
    locale,
    say,
    answer: (line) => void process.stdout.write(`${line}\n`),
    sayCode(code, params = {}) {
      const { title, todo } = codeText(locale, code, params);
      say(`${code}: ${title}. ${todo}`);
    },
  };
}
