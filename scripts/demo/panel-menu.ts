import { until } from '../../tests/support/poll.ts';
import type { TrayItem } from '../../tests/support/tray-host.ts';
import { type SeenWindow, sendInput, visibleWindows, windowTypeOf } from './screen.ts';

type DesktopEnv = Readonly<Record<string, string>>;

/** The process that xfce4-panel hosts its tray in: its icon, its tooltips and its menus are windows of this class. */
const TRAY_CLASS = 'wrapper-2.0';
const APPEARS_WITHIN_MS = 15_000;
/** The panel holds its hidden helpers at one pixel. */
const LEAST_ICON_SIZE = 10;

export interface PanelMenu {
  /** Where it lies on the screen. */
  readonly window: SeenWindow;
  /** Walks to the entry with the keyboard and presses it. */
  choose(label: string): Promise<void>;
}

/** Where the panel shows the tray's icon. */
export function waitForPanelIcon(env: DesktopEnv): Promise<SeenWindow> {
  return until(() => findTrayWindow(env, 'icon'), { timeoutMs: APPEARS_WITHIN_MS, what: "the panel's tray" });
}

/** Opens the tray's menu on the panel by a right click of the real pointer. */
export async function openPanelMenu(env: DesktopEnv, item: TrayItem): Promise<PanelMenu> {
  const icon = await waitForPanelIcon(env);
  const middle = [icon.x + icon.width / 2, icon.y + icon.height / 2].map((place) =>
    String(Math.round(place)),
  );
  await sendInput(env, 'mousemove', ...middle, 'click', '3');
  const window = await until(() => findTrayWindow(env, 'menu'), {
    timeoutMs: APPEARS_WITHIN_MS,
    what: "the tray's menu",
  });
  return {
    window,
    async choose(label) {
      // The keyboard passes over separators and over what is disabled, so the steps are counted without them.
      const entries = (await item.menu()).filter(
        ({ kind, enabled, visible }) => kind !== 'separator' && enabled && visible,
      );
      const index = entries.findIndex((entry) => entry.label === label);
      if (index < 0)
        throw new Error(`no usable entry ${label} among ${entries.map((each) => each.label).join(' | ')}`);
      for (let step = 0; step <= index; step += 1) await sendInput(env, 'key', 'Down');
      await sendInput(env, 'key', 'Return');
      await until(async () => (await findTrayWindow(env, 'menu')) === undefined, {
        timeoutMs: APPEARS_WITHIN_MS,
        what: "the end of the tray's menu",
      });
    },
  };
}

async function findTrayWindow(env: DesktopEnv, wanted: 'icon' | 'menu'): Promise<SeenWindow | undefined> {
  for (const window of await visibleWindows(env, { windowClass: TRAY_CLASS })) {
    if (Math.min(window.width, window.height) < LEAST_ICON_SIZE) continue;
    if (kindOf(await windowTypeOf(env, window.id)) === wanted) return window;
  }
  return undefined;
}

/** The icon lies inside the panel and says nothing of its type (Extended Window Manager Hints, _NET_WM_WINDOW_TYPE). */
function kindOf(type: string): 'icon' | 'menu' | 'tooltip' {
  if (type.includes('TOOLTIP')) return 'tooltip';
  return type.includes('MENU') ? 'menu' : 'icon';
}
