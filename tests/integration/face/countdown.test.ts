import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/poll.ts';
import * as fixture from '../../unit/face/fixtures.ts';
import { part, remaining, setUpWindows } from './support/set-up-windows.ts';

const { DAY, HOUR, MINUTE, NOW, SECOND, mallOf, snapshotOf } = fixture;
const { open } = setUpWindows();

const setHidden = (page: Page, hidden: boolean) =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

describe('the countdown', () => {
  const seconds = (left: number) => snapshotOf([mallOf({ deadlineAt: NOW + left })]);

  it('starts at what the server has left, and shows what it says in numbers', async () => {
    const { page } = await open(seconds(2 * DAY + 8 * HOUR + 5 * MINUTE + 44 * SECOND + 900));
    const countdown = part(page, 'countdown');
    const [left, shown] = await countdown.evaluate((element) => [
      (element as HTMLElement).dataset.remainingS,
      element.textContent,
    ]);
    const clock = /^2일08:05:(\d\d)$/.exec(shown ?? '');
    expect(Number(left)).toBe(2 * 86_400 + 8 * 3600 + 5 * 60 + Number(clock?.[1]));
    expect(Number(clock?.[1])).toBeLessThanOrEqual(44);
    expect(Number(clock?.[1])).toBeGreaterThanOrEqual(40);
    expect(await countdown.getAttribute('data-deadline-at')).toBe(
      String(NOW + 2 * DAY + 8 * HOUR + 5 * MINUTE + 44 * SECOND + 900),
    );
  });

  it('goes by steps of one second, by its own steady clock', async () => {
    const { page } = await open(seconds(DAY));
    const ticks = await page.evaluate(
      () =>
        new Promise<readonly (readonly [left: number, at: number])[]>((resolve) => {
          const element = document.querySelector('[data-testid="countdown"]');
          const seen: [number, number][] = [];
          const observer = new MutationObserver(() => {
            seen.push([Number((element as HTMLElement).dataset.remainingS), performance.now()]);
            if (seen.length < 4) return;
            observer.disconnect();
            resolve(seen);
          });
          if (element) observer.observe(element, { attributeFilter: ['data-remaining-s'] });
        }),
    );
    const [first, ...others] = ticks;
    for (const [index, [left, at]] of others.entries()) {
      expect(left).toBe(first![0] - index - 1);
      expect(Math.abs(at - first![1] - (index + 1) * SECOND)).toBeLessThan(300);
    }
  });

  it('follows the server when its clock or the deadline moves', async () => {
    const { page, push } = await open(seconds(DAY));
    await push({ ...seconds(DAY), revision: 8, at: NOW + DAY - 10 * SECOND });
    await until(async () => (await remaining(page)) <= 10, { timeoutMs: 5000, what: 'the moved countdown' });
    await push({ ...seconds(14 * DAY), revision: 9 });
    await until(async () => (await remaining(page)) > 13 * 86_400, {
      timeoutMs: 5000,
      what: 'the new deadline',
    });
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
    const { page } = await open(seconds(1500));
    await page.getByRole('heading', { name: '갱신 토큰이 만료되었습니다' }).waitFor({ timeout: 5000 });
    expect(await remaining(page)).toBe(0);
    expect(await part(page, 'countdown').textContent()).toBe('0일00:00:00');
  });

  it('does not render while the window is hidden, and is right at once when it is back', async () => {
    const { page } = await open(seconds(DAY));
    await setHidden(page, true);
    const changes = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let count = 0;
          const observer = new MutationObserver((records) => {
            count += records.length;
          });
          observer.observe(document.body, { subtree: true, attributes: true, characterData: true });
          setTimeout(() => resolve(count), 2500);
        }),
    );
    expect(changes).toBe(0);
    const before = await remaining(page);
    await setHidden(page, false);
    await until(async () => before - (await remaining(page)) >= 2, { timeoutMs: 900, what: 'the true time' });
  });

  it('runs for every shop of the list, all in one render a second, and for none while the window is hidden', async () => {
    const { page } = await open(
      snapshotOf([
        mallOf({ mall: 'soon', deadlineAt: NOW + 26 * HOUR + 700 }),
        mallOf({ mall: 'later', deadlineAt: NOW + 9 * DAY + 150 }),
        mallOf({ mall: 'never', state: 'NEEDS_REAUTH', reason: 'never_connected', deadlineAt: null }),
      ]),
    );
    const shown = await part(page, 'shop-left').allTextContents();
    expect(shown).toEqual([
      expect.stringMatching(/^1일 0[12]:\d\d:\d\d$/),
      expect.stringMatching(/^[89]일 \d\d:\d\d:\d\d$/),
    ]);
    const states = await page.locator('.shops__state').allTextContents();
    expect(states).toEqual(['정상', '정상', '연결 전']);
    /** What each of the two rows said, render by render, over three seconds. */
    const watched = () =>
      page.evaluate(
        () =>
          new Promise<readonly (readonly number[])[]>((resolve) => {
            const rows = [...document.querySelectorAll<HTMLElement>('[data-testid="shop-left"]')];
            const renders: number[][] = [];
            const observer = new MutationObserver(() =>
              renders.push(rows.map((row) => Number(row.dataset.remainingS))),
            );
            for (const row of rows) observer.observe(row, { attributeFilter: ['data-remaining-s'] });
            setTimeout(() => resolve(renders), 3100);
          }),
      );
    const renders = await watched();
    expect(renders.length).toBeGreaterThanOrEqual(2);
    expect(renders.length).toBeLessThanOrEqual(4);
    for (const [index, [soon, later]] of renders.slice(1).entries())
      expect([soon, later]).toEqual(renders[index]!.map((left) => left - 1));
    await setHidden(page, true);
    expect(await watched()).toEqual([]);
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
