import { until } from '../../tests/support/poll.ts';
import type { TrayItem } from '../../tests/support/tray-host.ts';
import { type SeenWindow, sendInput, visibleWindows } from './screen.ts';

type DesktopEnv = Readonly<Record<string, string>>;

/** The process that xfce4-panel hosts its tray in; the menus it opens are windows of the same class. */
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
  return until(
    async () => {
      const windows = await visibleWindows(env, { windowClass: TRAY_CLASS });
      return windows.find(({ width, height }) => width >= LEAST_ICON_SIZE && height >= LEAST_ICON_SIZE);
    },
    { timeoutMs: APPEARS_WITHIN_MS, what: "the panel's tray" },
  );
}

/** Opens the tray's menu on the panel by a right click of the real pointer. */
export async function openPanelMenu(env: DesktopEnv, item: TrayItem): Promise<PanelMenu> {
  const icon = await waitForPanelIcon(env);
  const middle = [icon.x + icon.width / 2, icon.y + icon.height / 2].map((place) =>
    String(Math.round(place)),
  );
  await sendInput(env, 'mousemove', ...middle, 'click', '3');
  const window = await until(
    async () => (await visibleWindows(env, { windowClass: TRAY_CLASS })).find(({ id }) => id !== icon.id),
    { timeoutMs: APPEARS_WITHIN_MS, what: "the tray's menu" },
  );
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
      await until(
        async () =>
          !(await visibleWindows(env, { windowClass: TRAY_CLASS })).some(({ id }) => id === window.id),
        { timeoutMs: APPEARS_WITHIN_MS, what: "the end of the tray's menu" },
      );
    },
  };
}
