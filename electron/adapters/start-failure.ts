/** Tells a person why the app ends before it has begun: of a packaged app nobody sees what it writes to stderr. */
import type { Dialog } from 'electron';
import type { Code } from '../../shared/codes.ts';
import type { Locale } from '../../shared/locale.ts';
import { codeText } from '../../shared/messages/message.ts';
import { shellText } from '../../shared/messages/shell.ts';
import { diskCodeOf, errnoOf } from './durable-file.ts';

export interface StartFailureParts {
  /** Not `showErrorBox`: it would hold up the signals that end a session. */
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly locale: Locale;
}

/** To be used after the app's `ready`; resolves when the person has read it. */
export async function tellFailedStart(error: unknown, parts: StartFailureParts): Promise<void> {
  const { dialog, platform, env, locale } = parts;
  const hasScreen = platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  if (!hasScreen) return;
  const code: Code = errnoOf(error) === null ? 'internal.error' : diskCodeOf(error);
  const { title, todo } = codeText(locale, code);
  // There is no log yet that could be sent.
  const next = code === 'internal.error' ? shellText(locale, 'start.failed.todo') : todo;
  const [name, ...frames] = placeOf(error).split('\n');
  await dialog.showMessageBox({
    type: 'error',
    title: shellText(locale, 'app.name'),
    message: shellText(locale, 'start.failed'),
    detail: [`${title}. ${next}`, '', `${code} · ${name}`, ...frames.slice(0, 1)].join('\n'),
  });
}

/** Before there is a logger that redacts, only where it happened is told, not what it said. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error object';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}
