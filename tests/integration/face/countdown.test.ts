import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/poll.ts';
import * as fixture from '../../unit/face/fixtures.ts';
import { part, remaining, setUpWindows } from './support/set-up-windows.ts';
import { rendered } from './support/stage.ts';

const { DAY, HOUR, MINUTE, NOW, SECOND, mallOf, snapshotOf } = fixture;
const { open } = setUpWindows();
const SOON = { timeoutMs: 30_000 };

async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await rendered(page);
}

/** How often something below the element changed since the last call: what one render changes is one. */
async function countChanges(page: Page, selector: string): Promise<() => Promise<number>> {
  const count = await page.evaluateHandle((where) => {
    const counted = { times: 0 };
    const observer = new MutationObserver(() => {
      counted.times += 1;
    });
    const options = { subtree: true, attributes: true, characterData: true, childList: true };
    observer.observe(document.querySelector(where) as Element, options);
    return counted;
  }, selector);
  return () =>
    count.evaluate((counted) => {
      const { times } = counted;
      counted.times = 0;
      return times;
    });
}

describe('the countdown', () => {
  const seconds = (left: number) => snapshotOf([mallOf({ deadlineAt: NOW + left })]);

  const standing = { timeStands: true } as const;

  it('starts at what the server has left, and shows what it says in numbers', async () => {
    const deadlineIn = 2 * DAY + 8 * HOUR + 5 * MINUTE + 44 * SECOND + 900;
    const { page } = await open(seconds(deadlineIn), standing);
    const countdown = part(page, 'countdown');
    expect(await countdown.textContent()).toBe('2일08:05:44');
    expect(await remaining(page)).toBe(Math.floor(deadlineIn / SECOND));
    expect(await countdown.getAttribute('data-deadline-at')).toBe(String(NOW + deadlineIn));
  });

  it('goes by steps of one second, by its own steady clock', async () => {
    const { page, pass } = await open(seconds(DAY + 500), standing);
    for (let gone = 0; gone < 4; gone += 1) {
      expect(await remaining(page)).toBe(86_400 - gone);
      await pass(499);
      expect(await remaining(page)).toBe(86_400 - gone);
      await pass(2);
      expect(await remaining(page)).toBe(86_400 - gone - 1);
      await pass(499);
    }
  });

  it('follows the server when its clock or the deadline moves', async () => {
    const { page, push } = await open(seconds(DAY));
    await push({ ...seconds(DAY), revision: 8, at: NOW + DAY - 10 * SECOND });
    await until(async () => (await remaining(page)) <= 10, { ...SOON, what: 'the moved countdown' });
    await push({ ...seconds(14 * DAY), revision: 9 });
    await until(async () => (await remaining(page)) > 13 * 86_400, { ...SOON, what: 'the new deadline' });
  });

  it('takes no older snapshot for a newer one', async () => {
    const { page, push } = await open({ ...seconds(DAY), revision: 20 });
    await push({ ...snapshotOf([fixture.expired]), revision: 19 });
    await push({ ...snapshotOf([fixture.blocked]), revision: 21 });
    await part(page, 'alert').waitFor();
    expect(await part(page, 'alert').getAttribute('data-code')).toBe('client.secret_wrong');
    expect(await part(page, 'state').getAttribute('data-state')).toBe('BLOCKED');
  });

  it('ends at zero and stays there', async () => {
    const { page, pass } = await open(seconds(1500), standing);
    for (const ms of [1499, 1, 5 * SECOND]) await pass(ms);
    await page.getByRole('heading', { name: '갱신 토큰이 만료되었습니다' }).waitFor();
    expect(await remaining(page)).toBe(0);
    expect(await part(page, 'countdown').textContent()).toBe('0일00:00:00');
  });

  it('does not render while the window is hidden, and is right at once when it is back', async () => {
    const { page, pass } = await open(seconds(DAY), standing);
    const changes = await countChanges(page, 'body');
    await pass(2 * SECOND);
    expect(await changes()).not.toBe(0);
    await setHidden(page, true);
    const before = await remaining(page);
    await changes();
    await pass(60 * SECOND);
    expect(await changes()).toBe(0);
    await setHidden(page, false);
    expect(await remaining(page)).toBe(before - 60);
  });

  it('runs for every shop of the list, all in one render a second, and for none while the window is hidden', async () => {
    const { page, pass } = await open(
      snapshotOf([
        mallOf({ mall: 'soon', deadlineAt: NOW + 26 * HOUR + 700 }),
        mallOf({ mall: 'later', deadlineAt: NOW + 9 * DAY + 150 }),
        mallOf({ mall: 'never', state: 'NEEDS_REAUTH', reason: 'never_connected', deadlineAt: null }),
      ]),
      standing,
    );
    const shown = await part(page, 'shop-left').allTextContents();
    expect(shown).toEqual(['1일 02:00:00', '9일 00:00:00']);
    const states = await page.locator('.shops__state').allTextContents();
    expect(states).toEqual(['정상', '정상', '연결 전']);
    const left = () =>
      part(page, 'shop-left').evaluateAll((rows) =>
        rows.map((row) => Number((row as HTMLElement).dataset.remainingS)),
      );
    const [soon, later] = await left();
    const renders = await countChanges(page, '.shops');
    for (let gone = 1; gone <= 3; gone += 1) {
      await pass(SECOND);
      expect(await left()).toEqual([soon! - gone, later! - gone]);
      expect(await renders()).toBe(1);
    }
    await setHidden(page, true);
    await renders();
    await pass(5 * SECOND);
    expect(await renders()).toBe(0);
  });

  it.each(['Asia/Seoul', 'UTC', 'America/Los_Angeles'])(
    'names the Korean date and D-day on a host in %s',
    async (timezone) => {
      const deadlineAt = Date.parse('2026-11-25T00:30:00+09:00');
      const { page } = await open(snapshotOf([mallOf({ deadlineAt })]), { timezone });
      expect(await part(page, 'dday').textContent()).toBe('D-3');
      expect(await page.locator('.deadline__due time').textContent()).toBe('11월 25일 (수) 00:30');
    },
  );
});
