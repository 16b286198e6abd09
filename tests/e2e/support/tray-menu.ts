import type { TrayHost } from '../../support/tray-host.ts';
import { eventually } from './eventually.ts';

/** Clicks an entry of the tray's menu once it can be clicked: a person waits for it, too. */
export async function clickInTray({ tray }: { readonly tray: TrayHost }, label: string): Promise<void> {
  const item = await eventually(`"${label}" in the tray`, async () => {
    const [shown] = await tray.items();
    const entries = (await shown?.menu()) ?? [];
    return entries.some((entry) => entry.label === label && entry.visible && entry.enabled) && shown;
  });
  await item.click(label);
}

/** Waits until the icon of an app that ended is gone, so that the next one's is not mistaken for it. */
export async function iconGone({ tray }: { readonly tray: TrayHost }): Promise<void> {
  await eventually('no icon', async () => (await tray.items()).length === 0);
}
