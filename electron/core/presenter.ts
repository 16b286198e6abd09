/**
 * Between the core and everything that shows it. The core says "something changed" as often as it likes; window and
 * tray get one picture for it.
 */
import type { Intent, IntentReply } from '../../shared/ipc.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import type { Log, Timers } from '../ports.ts';
import type { NoticeDesk } from './os-notice.ts';

/** An intent for the core. What concerns the window itself stays between window and shell. */
export type CoreIntent = Exclude<Intent, { readonly do: 'subscribe' | 'close' | 'notice' | 'violation' }>;

/** A window's place on the desktop, in device independent pixels; without `x` and `y` the system chooses. */
export interface WindowPlace {
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly width: number;
  readonly height: number;
}

/** What the shell remembers from one start to the next; kept in `settings.json`. */
export interface ShellMemory {
  windowPlace(): WindowPlace | null;
  keepWindowPlace(place: WindowPlace): void;
}

/** The whole program as the shell sees it; what `compose()` returns. */
export interface App {
  readonly log: Log;
  readonly memory: ShellMemory;
  /** OS notices, which need the shell's window. */
  readonly notices: NoticeDesk;
  snapshot(): Snapshot;
  /** Calls back with every new snapshot, at most once per change; returns its remover. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  handle(intent: CoreIntent): Promise<IntentReply>;
  /** The machine woke, was unlocked, or its clock changed: look now. May be called any number of times. */
  resume(): void;
  /** The window was closed and lives on in the tray; telling the person so, once ever, is up to the app. */
  closedToTray(): void;
  /** How to find out whether this desktop has a tray; for diagnostics. */
  knowTray(isThere: () => boolean): void;
  /** Finishes or parks what runs; at most 20 s (docs/guarantees.md, row 25). */
  stop(): Promise<void>;
}

export interface Clipboard {
  read(): Promise<string>;
  write(text: string): Promise<void>;
}

/** What is known when the program is put together. */
export interface StartConditions {
  /** What was built, this program's own code among it. */
  readonly distFolder: string;
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Started by a person from anywhere, not by a developer from the project. */
  readonly packaged: boolean;
  readonly version: string;
  /** The system's language as a BCP 47 tag; may be empty. */
  readonly systemLanguage: string;
}

/** The signature of `compose()`. */
export type Compose = (conditions: StartConditions) => Promise<App>;

/** A snapshot before it is numbered. */
export type Picture = Omit<Snapshot, 'revision'>;

export interface Presenter {
  /** Something in the picture may have changed. */
  changed(): void;
  /** The picture of this moment, under the number of the last push. */
  snapshot(): Snapshot;
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  /** No push after this. */
  stop(): void;
}

/** Long enough to join the changes of one step of the keeper, short enough to feel immediate. */
const SETTLE_MS = 40;

/**
 * Joins changes into numbered snapshots: the first change starts a wait of `settleMs` of real time, and the picture
 * is taken at its end, so that a push never shows less than what was true when it was asked for.
 */
export function createPresenter(options: {
  readonly look: () => Picture;
  readonly timers: Timers;
  readonly settleMs?: number;
}): Presenter {
  const { look, timers, settleMs = SETTLE_MS } = options;
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let revision = 0;
  let cancel: (() => void) | null = null;
  let stopped = false;

  const picture = (): Snapshot => ({ ...look(), revision });

  const push = (): void => {
    cancel = null;
    revision += 1;
    const snapshot = picture();
    for (const listener of [...listeners]) listener(snapshot);
  };

  return {
    changed() {
      if (stopped || cancel) return;
      cancel = timers.after(settleMs, push);
    },
    snapshot: picture,
    onSnapshot(listener) {
      // Wrapped, so that the same function may listen twice and each remover removes its own.
      const own = (snapshot: Snapshot) => listener(snapshot);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    stop() {
      stopped = true;
      cancel?.();
      cancel = null;
    },
  };
}
