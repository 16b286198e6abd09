import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../../shared/locale.ts';
import type { Snapshot } from '../../../shared/snapshot.ts';
import { startingTrayViewOf, type TrayItem, trayViewOf } from '../../../shared/tray-view.ts';
import * as fixture from './fixtures.ts';

const { MINUTE, NOW, mallOf, snapshotOf } = fixture;

const idsOf = (menu: readonly TrayItem[]) =>
  menu.flatMap((item) => (item.kind === 'separator' ? [] : [item.id]));
const itemOf = (snapshot: Snapshot, id: string) => {
  const item = trayViewOf(snapshot).menu.find((each) => each.kind !== 'separator' && each.id === id);
  if (item === undefined || item.kind === 'separator') throw new Error(`no item ${id}`);
  return item;
};

const other = mallOf({ mall: 'second' });

describe('the tray icon', () => {
  it.each([
    ['HEALTHY', [mallOf()]],
    ['EXPIRING', [fixture.expiring]],
    ['CRITICAL', [fixture.critical]],
    ['NEEDS_REAUTH', [fixture.expired]],
    ['UNCONFIRMED', [fixture.unconfirmed]],
    ['BLOCKED', [fixture.blocked]],
    ['NEEDS_REAUTH', [fixture.neverConnected]],
    ['WAITING', [fixture.waiting]],
    ['WAITING', [fixture.exchanging]],
    ['UNKNOWN', [fixture.unseen]],
    ['UNKNOWN', []],
    ['NEEDS_REAUTH', [fixture.expired, other]],
    ['PAUSED', [mallOf({ paused: true })]],
    ['PAUSED', [{ ...fixture.expired, paused: true }]],
    ['WAITING', [fixture.blocked, { ...fixture.waiting, mall: 'second' }]],
  ] as const)('is %s', (icon, malls) => {
    expect(trayViewOf(snapshotOf(malls)).icon).toBe(icon);
  });
});

describe('before anything is known', () => {
  it.each([
    ['ko', '불러오는 중'],
    ['en', 'Checking'],
  ] as const)('it says so in %s, and offers the window and the way out alone', (locale, word) => {
    const { icon, tooltip, menu } = startingTrayViewOf(locale);
    expect(icon).toBe('UNKNOWN');
    expect(tooltip).toBe(`Cafe24 Token Keeper\n${word}`);
    const usable = menu.flatMap((item) => (item.kind === 'command' && item.enabled ? [item.id] : []));
    expect(usable).toEqual(['open', 'quit']);
  });
});

describe('the tooltip and the status line', () => {
  it.each([
    ['ko', [mallOf()], 'myshop · 정상 · 13일 23시간 남음'],
    ['en', [mallOf()], 'myshop · Healthy · 13 days 23 hours left'],
    ['ko', [fixture.expired, other], 'myshop · 다시 인증 필요 · 만료됨'],
    ['ko', [fixture.neverConnected], 'myshop · 연결 전'],
    ['ko', [fixture.unseen], 'myshop · 불러오는 중'],
    ['ko', [fixture.blocked, { ...fixture.waiting, mall: 'second' }], 'second · 인증 대기 중 · 만료됨'],
    ['ko', [mallOf({ paused: true })], 'myshop · 일시 중지 · 13일 23시간 남음'],
    ['en', [mallOf({ paused: true })], 'myshop · Paused · 13 days 23 hours left'],
    ['ko', [], '설정 전'],
  ] as const)('say in %s what the icon speaks of', (locale, malls, line) => {
    const snapshot = snapshotOf(malls, { locale });
    expect(trayViewOf(snapshot).tooltip).toBe(`Cafe24 Token Keeper\n${line}`);
    expect(itemOf(snapshot, 'status')).toMatchObject({ label: line, enabled: false });
  });

  it.each(LOCALES)('say "simulator" when it is one, in %s', (locale) => {
    expect(trayViewOf(snapshotOf([mallOf()], { locale, simulator: true })).tooltip).toContain('simulator');
    expect(trayViewOf(snapshotOf([mallOf()], { locale })).tooltip).not.toContain('simulator');
  });

  it('fit what Windows shows, even with the longest mall id', () => {
    const longest = mallOf({ ...fixture.unconfirmed, mall: 'm'.repeat(63) });
    const { tooltip } = trayViewOf(snapshotOf([longest], { locale: 'en', simulator: true }));
    expect(tooltip.length).toBeLessThanOrEqual(127);
  });
});

describe('the menu', () => {
  const always = ['status', 'reauthorize', 'open', 'refresh', 'settings', 'diagnostics', 'quit'];
  const whileWaiting = [
    'status',
    'reauthorize',
    'cancel',
    'open',
    'refresh',
    'settings',
    'diagnostics',
    'quit',
  ];

  it.each([
    ['a healthy shop', [mallOf()], always],
    ['no shop', [], always],
    ['a waiting shop', [fixture.waiting], whileWaiting],
    ['a shop whose code is being exchanged', [fixture.exchanging], always],
  ] as const)('has exactly the public ids with %s', (_what, malls, ids) => {
    expect(idsOf(trayViewOf(snapshotOf(malls)).menu)).toEqual(ids);
  });

  it('acts on the one shop', () => {
    const snapshot = snapshotOf([fixture.waiting]);
    expect(itemOf(snapshot, 'cancel')).toMatchObject({ action: { do: 'cancel', mall: 'myshop' } });
    expect(itemOf(snapshot, 'reauthorize')).toMatchObject({ enabled: false });
    expect(itemOf(snapshot, 'settings')).toMatchObject({ action: { do: 'open', page: 'settings' } });
    expect(itemOf(snapshot, 'diagnostics')).toMatchObject({ action: { do: 'open', page: 'diagnostics' } });
    expect(itemOf(snapshotOf([mallOf()]), 'refresh')).toMatchObject({
      enabled: true,
      action: { do: 'refresh', mall: 'myshop' },
    });
  });

  it.each([
    [
      're-authorize while it cannot start',
      'reauthorize',
      mallOf({ cannotReauthorize: 'client.not_configured' }),
    ],
    ['refresh without tokens', 'refresh', fixture.neverConnected],
    ['refresh while it is paused', 'refresh', mallOf({ paused: true })],
    ['refresh while one runs', 'refresh', mallOf({ busy: 'refreshing' })],
  ] as const)('does not offer to %s', (_what, id, mall) => {
    expect(itemOf(snapshotOf([mall]), id)).toMatchObject({ enabled: false });
  });

  it('lists several shops in submenus, the most urgent first', () => {
    const snapshot = snapshotOf([fixture.expired, other]);
    expect(itemOf(snapshot, 'reauthorize')).toMatchObject({
      kind: 'submenu',
      items: [
        { label: 'myshop · 다시 인증 필요', action: { do: 'reauthorize', mall: 'myshop' } },
        { label: 'second · 정상', action: { do: 'reauthorize', mall: 'second' } },
      ],
    });
  });

  it('rests: the same view for every moment of a minute', () => {
    const deadlineAt = NOW + 3 * MINUTE + 59_000;
    const snapshot = snapshotOf([mallOf({ deadlineAt })]);
    const view = trayViewOf(snapshot);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 59_000 }), fc.integer(), (later, revision) => {
        expect(trayViewOf({ ...snapshot, at: NOW + later, revision })).toEqual(view);
      }),
    );
  });
});
