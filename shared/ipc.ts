/**
 * Both ends of the one bridge between window and main. The window sends intents, main pushes snapshots; nothing else
 * crosses. Adding a call means a new member of `Intent` and its row in `intent-schema.ts`: neither compiles alone.
 */
import type { Code } from './codes.ts';
import type { Locale } from './locale.ts';
import type { Params, Snapshot } from './snapshot.ts';

/** `invoke` channel for intents. */
export const INTENT_CHANNEL = 'keeper:intent';
/** `send` channel for pushed snapshots. */
export const SNAPSHOT_CHANNEL = 'keeper:snapshot';

export type Intent =
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
  | { readonly do: 'set-locale'; readonly locale: Locale };

/** What an intent came to, for the control that sent it; the state itself arrives as a snapshot. */
export interface IntentReply {
  readonly code: Code | null;
  readonly params: Params;
  readonly snapshot?: Snapshot;
}

/** What preload puts on `window.keeper`. */
export interface KeeperBridge {
  send(intent: Intent): Promise<IntentReply>;
  /** Calls back with every pushed snapshot; returns its remover. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
}
