/** Main's end of the bridge to the window: one channel in, one out (`shared/ipc.ts`). */
import type { IpcMainInvokeEvent } from 'electron';
import { parseIntent } from '../../shared/intent-schema.ts';
import type { IntentReply, NoticeEvent, NoticeWords } from '../../shared/ipc.ts';
import type { App } from '../core/presenter.ts';
import type { Log } from '../ports.ts';
import { APP_ORIGIN } from './app-scheme.ts';

/** What the check looks at, so that it can be tried without Electron. */
export interface Sender {
  /** null when the frame went away while its message was on the way. */
  readonly senderFrame: { readonly origin: string; readonly parent: unknown } | null;
  readonly sender: { readonly mainFrame: unknown };
}

/** Why a message is not believed, or null: only the main frame of our own origin may speak. */
export function senderProblemOf({ senderFrame, sender }: Sender): string | null {
  if (senderFrame === null) return 'its frame is gone';
  if (senderFrame.parent !== null || senderFrame !== sender.mainFrame) return 'it is not a main frame';
  if (senderFrame.origin !== APP_ORIGIN) return 'it has another origin';
  return null;
}

/** What a refused or failed call gets: a code, never an error's text. */
const INTERNAL_ERROR: IntentReply = { code: 'internal.error', params: {} };

/** Never rejects. */
export type IntentAnswers = (event: IpcMainInvokeEvent, args: readonly unknown[]) => Promise<IntentReply>;

/**
 * Answers the window's intents. `onSubscribe` is told which contents ask to be pushed to; `onNotice` answers a claim
 * that it accepts with the words.
 */
export function createIntentAnswers(options: {
  readonly app: Pick<App, 'handle' | 'snapshot'>;
  readonly log: Log;
  readonly onSubscribe: (contentsId: number) => void;
  readonly onClose: () => void;
  readonly onNotice: (event: NoticeEvent, id: number) => NoticeWords | null;
}): IntentAnswers {
  const { app, log, onSubscribe, onClose, onNotice } = options;

  const answer: IntentAnswers = async (event, args) => {
    const problem = senderProblemOf(event);
    if (problem !== null) {
      log.warn('window', `refused a call: ${problem}`);
      return INTERNAL_ERROR;
    }
    const intent = args.length === 1 ? parseIntent(args[0]) : null;
    if (intent === null) {
      log.warn('window', 'refused a call: not an intent');
      return INTERNAL_ERROR;
    }
    if (intent.do === 'subscribe') {
      onSubscribe(event.sender.id);
      return { code: null, params: {}, snapshot: app.snapshot() };
    }
    if (intent.do === 'close') {
      onClose();
      return { code: null, params: {} };
    }
    if (intent.do === 'violation') {
      log.warn('window', `the page's policy refused by ${intent.directive}`);
      return { code: null, params: {} };
    }
    if (intent.do === 'notice') {
      const notice = onNotice(intent.event, intent.id);
      return { code: null, params: {}, ...(notice && { notice }) };
    }
    return app.handle(intent);
  };

  return async (event, args) => {
    try {
      return await answer(event, args);
    } catch (error) {
      log.error(
        'window',
        `a call failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      );
      return INTERNAL_ERROR;
    }
  };
}
