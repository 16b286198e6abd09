import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../renderer/page.ts';
import { untilNextSecond } from '../../../renderer/server-time.ts';
import {
  accessShareOf,
  alertCodeOf,
  asksForConsent,
  freshResult,
  mainPartOf,
  meaningOf,
  stillWorks,
} from '../../../renderer/view/mall-view.ts';
import { toneOfMall, toneOfResult } from '../../../renderer/view/tone.ts';
import { CODES } from '../../../shared/codes.ts';
import { scopeText } from '../../../shared/messages/scopes.ts';
import * as fixture from './fixtures.ts';

const { HOUR, MINUTE, NOW, mallOf } = fixture;

describe('what the window shows of a shop', () => {
  it.each([
    ['a healthy shop', mallOf(), 'deadline', 'ok', false, null],
    ['one in its last days', fixture.expiring, 'deadline', 'soon', true, 'grant.expiring'],
    ['one in its last day', fixture.critical, 'deadline', 'bad', true, 'grant.critical'],
    ['an expired one', fixture.expired, 'deadline', 'bad', true, 'grant.expired'],
    ['one whose answer was lost', fixture.unconfirmed, 'deadline', 'soon', false, 'answer.unconfirmed'],
    [
      'a wrong secret, which no consent cures',
      fixture.blocked,
      'deadline',
      'bad',
      false,
      'client.secret_wrong',
    ],
    [
      'a removed app, which one does',
      mallOf({ state: 'BLOCKED', reason: 'client.app_removed' }),
      'deadline',
      'bad',
      true,
      'client.app_removed',
    ],
    [
      'a reason beside a healthy state',
      mallOf({ reason: 'rate.limited' }),
      'deadline',
      'ok',
      false,
      'rate.limited',
    ],
    ['a new shop', fixture.neverConnected, 'welcome', 'idle', true, null],
    ['a paused one', { ...fixture.expiring, paused: true }, 'deadline', 'idle', false, 'grant.expiring'],
    ['one not read yet', fixture.unseen, 'unseen', 'idle', false, null],
    ['one that waits for a consent', fixture.waiting, 'deadline', 'bad', false, null],
  ] as const)('%s', (_what, mall, part, tone, coloured, alert) => {
    expect(mainPartOf(mall)).toBe(part);
    expect(toneOfMall(mall)).toBe(tone);
    expect(asksForConsent(mall)).toBe(coloured);
    expect(alertCodeOf(mall)).toBe(alert);
  });

  it.each([
    ['rolling', 'server', ['meaning.rolling']],
    ['fixed', 'server', ['meaning.fixed']],
    ['unknown', 'server', ['meaning.unknown']],
    ['unknown', 'estimated', ['meaning.estimated']],
    ['fixed', 'kept', ['meaning.fixed', 'meaning.kept']],
  ] as const)('says what a %s deadline from source %s means', (deadlineKind, deadlineSource, meaning) => {
    const mall = mallOf({ deadlineKind, deadlineSource });
    expect(meaningOf(mall, NOW)).toEqual(meaning);
    expect(meaningOf(mall, mall.deadlineAt!)).toEqual([]);
  });

  it.each([
    [2 * HOUR, 1],
    [HOUR, 0.5],
    [0, 0],
    [-HOUR, 0],
    [5 * HOUR, 1],
  ])('draws an access token with %i ms left at %f of the bar', (left, share) => {
    expect(accessShareOf(NOW + left, NOW)).toBe(share);
  });

  it('says that programs go on only while the access token lives and something is wrong', () => {
    expect(stillWorks(fixture.expired, NOW)).toBe(true);
    expect(stillWorks(fixture.expired, NOW + HOUR)).toBe(false);
    expect(stillWorks(mallOf(), NOW)).toBe(false);
    expect(stillWorks(fixture.neverConnected, NOW)).toBe(false);
  });
});

describe('the result of an action', () => {
  const result = { code: 'test.ok', params: {}, at: NOW } as const;

  it.each([
    [true, MINUTE, true],
    [true, 2 * MINUTE, false],
    [false, 59 * MINUTE, true],
    [false, HOUR, false],
    [true, -HOUR, true],
  ])('good: %s, after %i ms: shown is %s', (isGood, later, shown) => {
    expect(freshResult(result, isGood, NOW + later) !== null).toBe(shown);
  });

  it('is good only where something was achieved', () => {
    expect(CODES.filter((code) => toneOfResult(code) === 'ok').sort()).toEqual([
      'channel.sent',
      'consent.connected',
      'consent.connected_elsewhere',
      'disconnect.done',
      'refresh.already_fresh',
      'refresh.by_another',
      'refresh.done',
      'relay.not_needed',
      'relay.ok',
      'relay.saved',
      'test.ok',
    ]);
  });
});

describe('the tick of the countdown', () => {
  it.each([
    [10_000, 0, 1],
    [10_000, 1, 1000],
    [10_000, 999, 2],
    [10_250, 0, 251],
    [-10_250, 0, 751],
    [10_000, 0.5, 1000],
  ])('to a deadline at %i comes right after the second turns: at %d in %i ms', (deadline, now, wait) => {
    expect(untilNextSecond(now, deadline)).toBe(wait);
  });
});

describe('words and places', () => {
  it.each([
    ['mall.read_product', '상품 조회', 'read products'],
    ['mall.write_order', '주문 쓰기', 'write orders'],
    ['mall.read_something_new', 'mall.read_something_new', 'mall.read_something_new'],
    ['mall.read_constructor', 'mall.read_constructor', 'mall.read_constructor'],
    ['openid', 'openid', 'openid'],
  ])('the scope %s reads "%s" and "%s"', (scope, ko, en) => {
    expect(scopeText('ko', scope)).toBe(ko);
    expect(scopeText('en', scope)).toBe(en);
  });

  it.each([
    ['#settings', 'settings'],
    ['#diagnostics', 'diagnostics'],
    ['#setup', 'setup'],
    ['#status', 'status'],
    ['', 'status'],
    ['#anything', 'status'],
  ])('the hash "%s" is the page %s', (hash, page) => {
    expect(pageOf(hash)).toBe(page);
  });
});
