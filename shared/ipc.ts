/**
 * Both ends of the one bridge between window and main. The window sends intents, main pushes snapshots and calls for
 * notices; nothing else crosses. Adding a call means a new member of `Intent` and its row in `intent-schema.ts`: neither compiles alone.
 */
import type { Code } from './codes.ts';
import type { HistoryEntry } from './history.ts';
import type { Locale } from './locale.ts';
import type { ChannelsForm, ShopForm, StoreForm, StoreTrial } from './settings-forms.ts';
import type { Params, Snapshot } from './snapshot.ts';
import type { Channel } from './warnings.ts';

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

/** What is packed with the program for people to have. */
export type PackedIntent =
  /** Whose work the app is made of; it comes with the answer. */
  | { readonly do: 'licences' }
  /** A copy of the relay page among the person's downloads, shown in the file manager; its path comes with the answer. */
  | { readonly do: 'save-relay-page' };

/** What a person does with one shop's tokens. */
export type MallIntent =
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
  /** One test message by one channel; the answer's params quote the other side. */
  | { readonly do: 'test-warning'; readonly mall: string; readonly channel: Channel };

/** What changes settings, or tries a value before it is kept. Main checks every value again. */
export type SettingsIntent =
  /** Null: as the system speaks. */
  | { readonly do: 'set-locale'; readonly locale: Locale | null }
  | { readonly do: 'set-start-at-login'; readonly on: boolean }
  | { readonly do: 'save-shop'; readonly shop: ShopForm }
  /** Its id was mistyped and is saved already, as `mall`: the same under the id of the form. */
  | { readonly do: 'rename-shop'; readonly mall: string; readonly shop: ShopForm }
  /** Whether this machine refreshes the shop's tokens and warns of them. */
  | { readonly do: 'set-paused'; readonly mall: string; readonly on: boolean }
  /** Takes the shop out of this machine's settings; its tokens stay where they are kept. */
  | { readonly do: 'remove-shop'; readonly mall: string }
  | { readonly do: 'save-store'; readonly store: StoreForm }
  | { readonly do: 'save-channels'; readonly channels: ChannelsForm }
  /** The text of a `.env` file that was dropped on the window: every value of it goes into Settings. */
  | { readonly do: 'import-env'; readonly text: string }
  /** Connects, looks, and changes nothing; `mall` is the shop whose tokens are looked for. */
  | { readonly do: 'try-store'; readonly store: StoreForm; readonly mall: string | null }
  /** Whether the page of a redirect URI can be reached, and is the relay page. */
  | { readonly do: 'try-redirect'; readonly uri: string };

export type Intent =
  /** The window is there: answer with the current snapshot and push from now on. */
  | { readonly do: 'subscribe' }
  | MallIntent
  | SettingsIntent
  | DiagnosticsIntent
  | PackedIntent
  /** As the window's close button: its page lives on, and a click on a notice with it. */
  | { readonly do: 'close' }
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
  readonly licences?: readonly PackedLicence[];
  /** The shop's history, oldest first. */
  readonly history?: readonly HistoryEntry[];
  /** Present when a claim was accepted: show this. */
  readonly notice?: NoticeWords;
  /** Present when a store was tried and answered. */
  readonly storeTrial?: StoreTrial;
  /** Present when a `.env` was taken over. */
  readonly imported?: ImportedEnv;
}

/** The licence of a package whose code is part of the app. */
export interface PackedLicence {
  readonly name: string;
  readonly version: string;
  /** By its short name. */
  readonly licence: string;
  readonly text: string;
}

/** What was taken out of a `.env`: names alone, never a value. */
export interface ImportedEnv {
  /** The shop it named, if any. */
  readonly mall: string | null;
  readonly names: readonly string[];
  /** Variables whose value was refused, or that look like tokens and were not read. */
  readonly refused: readonly { readonly name: string; readonly code: Code }[];
}

/** What preload puts on `window.keeper`. */
export interface KeeperBridge {
  send(intent: Intent): Promise<IntentReply>;
  /** Calls back with every pushed snapshot; returns its remover. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  /** Calls back with every call for a notice; returns its remover. Listen before subscribing. */
  onNotice(listener: (call: NoticeCall) => void): () => void;
}
