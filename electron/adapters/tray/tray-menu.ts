import type { MenuItemConstructorOptions } from 'electron';
import { unreachable } from '../../../shared/result.ts';
import type { TrayCommand, TrayItem, TrayView } from '../../../shared/tray-view.ts';

/** The menu as Electron builds it. `onClick` gets what stood there when the menu was built. */
export function menuTemplateOf(
  items: readonly TrayItem[],
  onClick: (clicked: TrayCommand) => void,
): MenuItemConstructorOptions[] {
  return items.map((item): MenuItemConstructorOptions => {
    switch (item.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'submenu':
        return {
          label: literal(item.label),
          enabled: item.enabled,
          submenu: menuTemplateOf(item.items, onClick),
        };
      case 'command':
        return { label: literal(item.label), enabled: item.enabled, click: () => onClick(item) };
      default:
        return unreachable(item);
    }
  });
}

/** A single ampersand would mark an access key. */
function literal(label: string): string {
  return label.replaceAll('&', '&&');
}

/**
 * The clicked command as it stands in the view of this moment, or null when it may no longer be used. A menu stays
 * open while the state moves on, and on Linux a disabled item's click arrives all the same when the bus says so.
 */
export function usableCommandOf(view: TrayView, clicked: TrayCommand): TrayCommand | null {
  const commands = view.menu.flatMap((item) => {
    if (item.kind === 'separator') return [];
    return item.kind === 'submenu' ? item.items : [item];
  });
  const same = commands.find(
    ({ id, action }) => id === clicked.id && mallOf(action) === mallOf(clicked.action),
  );
  return same?.enabled ? same : null;
}

function mallOf(action: TrayCommand['action']): string | null {
  return 'mall' in action ? action.mall : null;
}
