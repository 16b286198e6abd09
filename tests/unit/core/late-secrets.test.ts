import { expect, it } from 'vitest';
import type { Outcome } from '../../../electron/core/keeper-api.ts';
import { takeUpLateSecrets } from '../../../electron/core/late-secrets.ts';
import { handTimers } from '../shell/fake-timers.ts';

const MINUTE = 60_000;

function watching(answers: readonly (Outcome | null)[] = []) {
  const timers = handTimers();
  let answered = (): void => {};
  let read = 0;
  const stop = takeUpLateSecrets({
    onLateAnswer(listener) {
      answered = listener;
      return () => {
        answered = () => {};
      };
    },
    readAgain: async () => answers[read++] ?? null,
    timers,
  });
  const pass = async (ms: number) => {
    timers.pass(ms);
    await new Promise(setImmediate);
  };
  return { pass, stop, answer: () => answered(), read: () => read };
}

it('a keyring that opens late has the configuration read again, once', async () => {
  const { pass, answer, read } = watching();
  await pass(MINUTE);
  expect(read()).toBe(0);
  answer();
  answer();
  await pass(MINUTE);
  await pass(MINUTE);
  expect(read()).toBe(1);
});

it('a consent that runs is let end before', async () => {
  const { pass, answer, read } = watching([
    { code: 'config.consent_running', params: {} },
    { code: 'config.consent_running', params: {} },
  ]);
  answer();
  for (let minute = 0; minute < 10; minute += 1) await pass(MINUTE);
  expect(read()).toBe(3);
});

it('a keyring that is late every time has the shops begin anew once a minute at most', async () => {
  const { pass, answer, read } = watching();
  for (let seconds = 0; seconds < 600; seconds += 10) {
    answer();
    await pass(10_000);
  }
  expect(read()).toBeGreaterThan(9);
  expect(read()).toBeLessThan(16);
});

it('nothing is read any more after the end', async () => {
  const { pass, stop, answer, read } = watching();
  answer();
  stop();
  answer();
  await pass(MINUTE);
  expect(read()).toBe(0);
});
