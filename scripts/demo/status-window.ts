import type { Page } from 'playwright-core';
import type { AppUnderTest } from '../../tests/support/app-under-test.ts';
import { until } from '../../tests/support/poll.ts';
import type { CountdownReading } from './judge.ts';

/** A value that the window shows, and how it is named in a transcript. */
export interface Shown {
  readonly value: string;
  readonly source: string;
}

const SEEN_WITHIN_MS = 20_000;

export interface StatusWindow {
  readonly page: Page;
  /** An attribute of the element with this test id, as it is now; null where either is absent. */
  attribute(testId: string, name: string): Promise<string | null>;
  /** Waits until the attribute has this value. */
  waitFor(testId: string, name: string, value: string): Promise<Shown>;
  /** The server's time as the countdown implies it, epoch ms, to the second. It stands still at the deadline. */
  shownNow(): Promise<number>;
  readCountdown(server: {
    now(): Promise<number>;
    deadlineAt(): Promise<number | null>;
  }): Promise<CountdownReading>;
}

/** The app's window, looked at through its own accessibility-facing attributes. */
export async function watchStatusWindow(app: AppUnderTest): Promise<StatusWindow> {
  const page = await app.waitForWindow();
  // Watching through the debugging port would otherwise pretend a light theme to the page.
  await page.emulateMedia({ colorScheme: null });
  const attribute = async (testId: string, name: string) => {
    const element = page.getByTestId(testId);
    return (await element.count()) === 0 ? null : element.first().getAttribute(name);
  };
  return {
    page,
    attribute,
    async waitFor(testId, name, value) {
      await until(async () => (await attribute(testId, name)) === value, {
        timeoutMs: SEEN_WITHIN_MS,
        what: `${name}="${value}" at ${testId}`,
      });
      return { value, source: `DOM: ${name} of [data-testid=${testId}]` };
    },
    async shownNow() {
      const [deadlineAt, seconds] = [
        await attribute('countdown', 'data-deadline-at'),
        await attribute('countdown', 'data-remaining-s'),
      ];
      // Floored: the last second that is shown may have begun just now.
      return Number(deadlineAt) - Number(seconds) * 1000;
    },
    async readCountdown({ now, deadlineAt }) {
      const storedDeadlineAt = await deadlineAt();
      const serverBefore = await now();
      const shown = await page.getByTestId('countdown').evaluate((element) => ({
        seconds: Number(element.getAttribute('data-remaining-s')),
        deadlineAt: Number(element.getAttribute('data-deadline-at')),
      }));
      const serverAfter = await now();
      return {
        shownSeconds: shown.seconds,
        shownDeadlineAt: shown.deadlineAt,
        serverBefore,
        serverAfter,
        storedDeadlineAt,
      };
    },
  };
}
