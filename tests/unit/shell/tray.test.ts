import { describe, expect, test } from 'vitest';
import { trayPicturesOf } from '../../../electron/adapters/tray/tray-image-file.ts';
import { menuTemplateOf, usableCommandOf } from '../../../electron/adapters/tray/tray-menu.ts';
import { type TrayCommand, trayViewOf } from '../../../shared/tray-view.ts';
import { mallOf, snapshotOf } from '../face/fixtures.ts';

const refresh = (mall: string): TrayCommand => ({
  kind: 'command',
  id: 'refresh',
  label: 'as it was called then',
  enabled: true,
  action: { do: 'refresh', mall },
});

describe('a click in the menu', () => {
  test.each([
    ['still possible', [mallOf()], refresh('myshop'), true],
    ['disabled meanwhile', [mallOf({ busy: 'refreshing' })], refresh('myshop'), false],
    ['for a shop that is gone', [mallOf()], refresh('othershop'), false],
    ['for one of several shops', [mallOf(), mallOf({ mall: 'othershop' })], refresh('othershop'), true],
    [
      'for the busy one of several',
      [mallOf(), mallOf({ mall: 'othershop', busy: 'testing' })],
      refresh('othershop'),
      false,
    ],
  ])('%s', (_what, malls, clicked, usable) => {
    const found = usableCommandOf(trayViewOf(snapshotOf(malls)), clicked);
    expect(found?.action ?? null).toEqual(usable ? clicked.action : null);
  });

  test('hands on the item it belongs to, also out of a submenu', () => {
    const view = trayViewOf(snapshotOf([mallOf(), mallOf({ mall: 'othershop' })]));
    const clicked: TrayCommand[] = [];
    const template = menuTemplateOf(view.menu, (command) => clicked.push(command));
    const submenu = template.find(({ submenu }) => submenu)?.submenu as { click: () => void }[];
    submenu[1]!.click();
    expect(clicked.map(({ action }) => action)).toEqual([{ do: 'reauthorize', mall: 'othershop' }]);
  });

  test('an ampersand in a label is shown, not an access key', () => {
    const [item] = menuTemplateOf([{ ...refresh('a'), label: 'A & B' }], () => {});
    expect(item?.label).toBe('A && B');
  });
});

describe('the pictures of an icon', () => {
  test.each([
    ['linux', 'dark', 1, ['tray/dark/needs-reauth-24.png@1']],
    ['linux', 'light', 2, ['tray/light/needs-reauth-48.png@1']],
    ['win32', 'dark', 1.5, [16, 24, 32, 48].map((size) => `tray/dark/needs-reauth-${size}.png@${size / 16}`)],
    [
      'darwin',
      'template',
      2,
      ['tray/template/needs-reauthTemplate.png@1', 'tray/template/needs-reauthTemplate@2x.png@2'],
    ],
  ] as const)('on %s', (platform, panel, scale, expected) => {
    const pictures = trayPicturesOf('NEEDS_REAUTH', panel, platform, scale);
    expect(pictures.map(({ file, scaleFactor }) => `${file}@${scaleFactor}`)).toEqual(expected);
  });
});
