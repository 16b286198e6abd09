/**
 * Both ends of the one bridge between window and main. The window sends intents, main pushes snapshots and calls for
 * notices; nothing else crosses. Adding a call means a new member of `Intent` and its row in `intent-schema.ts`: neither compiles alone.
 */
import type { Code } from './codes.ts';
import type { HistoryEntry } from './history.ts';
import type { Locale } from './locale.ts';
import type { Params, Snapshot } from './snapshot.ts';

/** `invoke` channel for intents. */
export const INTENT_CHANNEL = 'keeper:intent';
/** `send` channel for pushed snapshots. */
export const SNAPSHOT_CHANNEL = 'keeper:snapshot';
/** `send` channel for notices to show or to take off the screen. */
export const NOTICE_CHANNEL = 'keeper:notice';

/** What concerns no shop but the whole program: for support. */
export type DiagnosticsIntent =
  /** The text comes with the answer. */
  | { readonly do: 'diagnostics' }
  /** Puts the text that was shown last on the clipboard. */
  | { readonly do: 'copy-diagnostics' }
  | { readonly do: 'open-logs' };

export type Intent =
  | DiagnosticsIntent
  /** The window is there: answer with the current snapshot and push from now on. */
  | { readonly do: 'subscribe' }
  | { readonly do: 'reauthorize'; readonly mall: string }
  | { readonly do: 'cancel'; readonly mall: string }
  /** Open the flow's tab again (it was closed by mistake). */
  | { readonly do: 'open-again'; readonly mall: string }
  /** Put the flow's link on the clipboard, for another browser. */
  | { readonly do: 'copy-link'; readonly mall: string }
  /** What the person pasted: a redirected URL, or the bare code. */
  | { readonly do: 'paste'; readonly mall: string; readonly text: string }
  /** The same, read by main from the clipboard on a click. */
  | { readonly do: 'paste-clipboard'; readonly mall: string }
  | { readonly do: 'refresh'; readonly mall: string }
  | { readonly do: 'test'; readonly mall: string }
  /** Revokes the grant at Cafe24 and forgets it; `anyway`: also where Cafe24 does not confirm. */
  | { readonly do: 'disconnect'; readonly mall: string; readonly anyway: boolean }
  /** What is written down of the shop; it comes with the answer. */
  | { readonly do: 'history'; readonly mall: string }
  /** As the window's close button: its page lives on, and a click on a notice with it. */
  | { readonly do: 'close' }
  | { readonly do: 'set-locale'; readonly locale: Locale }
  /** Open the newer version's page in the browser; main knows where it is. */
  | { readonly do: 'open-release' }
  /** What happens to an OS notice: `claim` asks whether this window may show it. */
  | { readonly do: 'notice'; readonly id: number; readonly event: NoticeEvent }
  /** The page tried what its content security policy forbids: which directive stopped it. */
  | { readonly do: 'violation'; readonly directive: string };

/** `failed`: it is certain that this window shows nothing. */
export const NOTICE_EVENTS = ['claim', 'shown', 'clicked', 'closed', 'failed'] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** Main asks the window to claim and show a notice, or to take one off the screen. */
export interface NoticeCall {
  readonly do: 'show' | 'close';
  readonly id: number;
}

/** What an OS notice says. It comes with a claim's answer alone: without a claim there is nothing to show. */
export interface NoticeWords {
  readonly title: string;
  readonly body: string;
  readonly lang: Locale;
  /** Stays on the screen until it is answered, where the platform knows that. */
  readonly isUrgent: boolean;
}

/** What an intent came to, for the control that sent it; the state itself arrives as a snapshot. */
export interface IntentReply {
  readonly code: Code | null;
  readonly params: Params;
  readonly snapshot?: Snapshot;
  /** The diagnostics, as they are shown and copied. */
  readonly text?: string;
  /** The shop's history, oldest first. */
  readonly history?: readonly HistoryEntry[];
  /** Present when a claim was accepted: show this. */
  readonly notice?: NoticeWords;
}

/** What preload puts on `window.keeper`. */
export interface KeeperBridge {
  send(intent: Intent): Promise<IntentReply>;
  /** Calls back with every pushed snapshot; returns its remover. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  /** Calls back with every call for a notice; returns its remover. Listen before subscribing. */
  onNotice(listener: (call: NoticeCall) => void): () => void;
}
