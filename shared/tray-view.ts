/**
 * The tray as a pure projection of the snapshot. Equal snapshots give equal views, without seconds, so that the adapter
 * compares and rebuilds the menu only when its content has changed.
 */
import { timeLeft } from './countdown.ts';
import type { Locale } from './locale.ts';
import { type Face, faceOf, faceWord, isFlowRunning } from './mall-face.ts';
import { text } from './messages/message.ts';
import { shellText } from './messages/shell.ts';
import type { MallSnapshot, Snapshot } from './snapshot.ts';

/** Public ids of the menu: what drives the desktop from outside finds the items by them. */
export type TrayItemId =
  | 'status'
  | 'reauthorize'
  | 'cancel'
  | 'open'
  | 'refresh'
  | 'settings'
  | 'diagnostics'
  | 'quit';

/** The window's pages; it is opened at one by the URL's hash (`#settings`). */
export type WindowPage = 'status' | 'history' | 'settings' | 'diagnostics';

/** What a click on an item does. The adapter checks `enabled` again: a bus may click a disabled item. */
export type TrayAction =
  | { readonly do: 'nothing' }
  | { readonly do: 'reauthorize' | 'cancel' | 'refresh'; readonly mall: string }
  | { readonly do: 'open'; readonly page: WindowPage }
  | { readonly do: 'quit' };

export interface TrayCommand {
  readonly kind: 'command';
  readonly id: TrayItemId;
  readonly label: string;
  readonly enabled: boolean;
  readonly action: TrayAction;
}

/** With several malls: one command per mall under the item's own label. */
export interface TraySubmenu {
  readonly kind: 'submenu';
  readonly id: TrayItemId;
  readonly label: string;
  readonly enabled: boolean;
  readonly items: readonly TrayCommand[];
}

export type TrayItem = TrayCommand | TraySubmenu | { readonly kind: 'separator' };

export interface TrayView {
  readonly icon: Face;
  /** Never empty: screen readers read it. At most 127 characters, which is what Windows shows. */
  readonly tooltip: string;
  readonly menu: readonly TrayItem[];
}

const LONGEST_TOOLTIP = 127;

/** `now` is the server's time; by default that of the snapshot. */
export function trayViewOf(snapshot: Snapshot, now: number = snapshot.at): TrayView {
  const { locale, malls } = snapshot;
  const status = statusLine(snapshot, now);
  const name = shellText(locale, 'app.name');
  const title = snapshot.simulator ? `${name} (${text(locale, 'simulator')})` : name;
  return {
    icon: iconOf(malls),
    tooltip: shortened(`${title}\n${status}`, LONGEST_TOOLTIP),
    menu: [
      command('status', status, { do: 'nothing' }, false),
      { kind: 'separator' },
      ...perMall(snapshot, 'reauthorize', malls, canReauthorize),
      ...perMall(snapshot, 'cancel', malls.filter(isCancellable), () => true),
      command('open', shellText(locale, 'tray.open'), { do: 'open', page: 'status' }),
      ...perMall(snapshot, 'refresh', malls, canRefresh),
      { kind: 'separator' },
      command('settings', shellText(locale, 'tray.settings'), { do: 'open', page: 'settings' }),
      command('diagnostics', shellText(locale, 'tray.diagnostics'), { do: 'open', page: 'diagnostics' }),
      { kind: 'separator' },
      command('quit', shellText(locale, 'tray.quit'), { do: 'quit' }),
    ],
  };
}

/** Before anything is known: it says so, and the window and the way out can already be asked for. */
export function startingTrayViewOf(locale: Locale): TrayView {
  const status = text(locale, 'state.UNKNOWN');
  return {
    icon: 'UNKNOWN',
    tooltip: `${shellText(locale, 'app.name')}\n${status}`,
    menu: [
      command('status', status, { do: 'nothing' }, false),
      { kind: 'separator' },
      command('open', shellText(locale, 'tray.open'), { do: 'open', page: 'status' }),
      { kind: 'separator' },
      command('quit', shellText(locale, 'tray.quit'), { do: 'quit' }),
    ],
  };
}

/** A running consent is what the person looks for in the tray; otherwise the most urgent mall. */
function iconOf(malls: readonly MallSnapshot[]): Face {
  if (malls.some(isFlowRunning)) return 'WAITING';
  const [worst] = malls;
  return worst === undefined ? 'UNKNOWN' : faceOf(worst);
}

/** `myshop · 정상 · 13일 21시간 남음`, of the mall that the icon speaks of. */
function statusLine({ locale, malls }: Snapshot, now: number): string {
  const shown = malls.find(isFlowRunning) ?? malls[0];
  if (shown === undefined) return shellText(locale, 'tray.notConfigured');
  const left = shown.deadlineAt === null ? [] : [timeLeft(locale, shown.deadlineAt, now)];
  return [shown.mall, wordOf(locale, shown), ...left].join(' · ');
}

function wordOf(locale: Locale, mall: MallSnapshot): string {
  return faceWord(locale, mall, faceOf(mall));
}

/** Once the code is exchanged there is nothing left to cancel. */
function isCancellable({ flow }: MallSnapshot): boolean {
  return flow.phase === 'waiting' || flow.phase === 'preparing';
}

function canReauthorize(mall: MallSnapshot): boolean {
  return !isFlowRunning(mall) && mall.cannotReauthorize === null;
}

function canRefresh(mall: MallSnapshot): boolean {
  return mall.deadlineAt !== null && mall.busy === null && !mall.paused && !isFlowRunning(mall);
}

/** One item for one mall, a submenu for several. Only `cancel` vanishes when no mall can use it. */
function perMall(
  { locale }: Snapshot,
  id: 'reauthorize' | 'cancel' | 'refresh',
  malls: readonly MallSnapshot[],
  enabled: (mall: MallSnapshot) => boolean,
): readonly TrayItem[] {
  const label = shellText(locale, `tray.${id}`);
  const [first, ...others] = malls;
  if (first === undefined) return id === 'cancel' ? [] : [command(id, label, { do: 'nothing' }, false)];
  if (others.length === 0) return [command(id, label, { do: id, mall: first.mall }, enabled(first))];
  const items = malls.map((mall) =>
    command(id, `${mall.mall} · ${wordOf(locale, mall)}`, { do: id, mall: mall.mall }, enabled(mall)),
  );
  return [{ kind: 'submenu', id, label, enabled: items.some((item) => item.enabled), items }];
}

function command(id: TrayItemId, label: string, action: TrayAction, enabled = true): TrayCommand {
  return { kind: 'command', id, label, enabled, action };
}

function shortened(value: string, longest: number): string {
  return value.length <= longest ? value : `${value.slice(0, longest - 1)}…`;
}
