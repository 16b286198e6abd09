import type { TrayHost } from '../../support/tray-host.ts';
import { eventually } from './eventually.ts';

/** Clicks an entry of the tray's menu once it can be clicked: a person waits for it, too. */
export async function clickInTray({ tray }: { readonly tray: TrayHost }, label: string): Promise<void> {
  await eventually(`"${label}" in the tray`, async () => {
    const [shown] = await tray.items();
    const entries = (await shown?.menu()) ?? [];
    if (!shown || !entries.some((entry) => entry.label === label && entry.visible && entry.enabled))
      return false;
    // A menu that was built anew between the look and the click does not know the entry's number any more.
    return await shown.click(label).then(
      () => true,
      () => false,
    );
  });
}

/** Waits until the icon of an app that ended is gone, so that the next one's is not mistaken for it. */
export async function iconGone({ tray }: { readonly tray: TrayHost }): Promise<void> {
  await eventually('no icon', async () => (await tray.items()).length === 0);
}
