import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../electron/core/engine.ts';
import { createLiveEngine } from '../../../electron/core/live-engine.ts';
import { handTimers } from '../shell/fake-timers.ts';
import { quietLog } from '../shell/quiet-log.ts';

/** Engines that write down what happens to them; the test holds the end of each stop. */
async function setUp() {
  const happened: string[] = [];
  const stops: (() => void)[] = [];
  const world = { consentRuns: false, buildFails: false, holdStops: false, stopFails: false };
  const timers = handTimers();
  let built = 0;
  const build = async (): Promise<Engine> => {
    if (world.buildFails) throw new Error('the disk is gone');
    const name = `engine ${++built}`;
    happened.push(`${name} built`);
    return {
      name,
      isConsentRunning: () => world.consentRuns,
      async stop() {
        happened.push(`${name} ending`);
        if (world.holdStops) await new Promise<void>((resolve) => stops.push(resolve));
        if (world.stopFails) throw new RangeError('a bug');
        happened.push(`${name} ended`);
      },
    } as Partial<Engine> as Engine;
  };
  const live = await createLiveEngine({
    build,
    timers,
    log: quietLog(),
    onReplaced: () => happened.push('replaced'),
  });
  return { world, live, happened, stops, timers };
}

const nameOf = (engine: Engine) => (engine as Engine & { name: string }).name;
const changed = async () => null;

describe('a change of the configuration', () => {
  it('ends the old engine wholly before the new one is built', async () => {
    const { live, happened } = await setUp();
    expect(await live.reconfigure(changed)).toBeNull();
    expect(happened).toEqual([
      'engine 1 built',
      'engine 1 ending',
      'engine 1 ended',
      'engine 2 built',
      'replaced',
    ]);
    expect(nameOf(live.current())).toBe('engine 2');
  });

  it('holds back what a person asks for until the new engine is there', async () => {
    const { live, world, stops } = await setUp();
    world.holdStops = true;
    const change = live.reconfigure(changed);
    const asked = live.settled();
    await expect.poll(() => stops.length).toBe(1);
    // What is shown meanwhile is what was known last.
    expect(nameOf(live.current())).toBe('engine 1');
    stops[0]!();
    expect(nameOf(await asked)).toBe('engine 2');
    expect(await change).toBeNull();
  });

  it('is refused while a consent runs, and then nothing is changed', async () => {
    const { live, world, happened } = await setUp();
    world.consentRuns = true;
    let isChanged = false;
    const outcome = await live.reconfigure(async () => {
      isChanged = true;
      return null;
    });
    expect([outcome?.code, isChanged]).toEqual(['config.consent_running', false]);
    expect(happened).toEqual(['engine 1 built']);
  });

  it('leaves the engine alone where the change says that it was not made', async () => {
    const { live, happened } = await setUp();
    const outcome = await live.reconfigure(async () => ({ code: 'config.invalid_value', params: {} }));
    expect(outcome?.code).toBe('config.invalid_value');
    expect(happened).toEqual(['engine 1 built']);
  });

  it('comes one after another, each on the engine of the one before', async () => {
    const { live, happened } = await setUp();
    await Promise.all([live.reconfigure(changed), live.reconfigure(changed)]);
    expect(happened.filter((what) => what.startsWith('engine'))).toEqual([
      'engine 1 built',
      'engine 1 ending',
      'engine 1 ended',
      'engine 2 built',
      'engine 2 ending',
      'engine 2 ended',
      'engine 3 built',
    ]);
  });

  it('comes though the old engine throws on its way out: no shop is left without a keeper', async () => {
    const { live, world, happened } = await setUp();
    world.stopFails = true;
    expect(await live.reconfigure(changed)).toBeNull();
    expect(nameOf(live.current())).toBe('engine 2');
    expect(happened).toEqual(['engine 1 built', 'engine 1 ending', 'engine 2 built', 'replaced']);
  });

  it('whose engine cannot be built is tried again by itself', async () => {
    const { live, world, happened, timers } = await setUp();
    world.buildFails = true;
    await expect(live.reconfigure(changed)).rejects.toThrow('the disk is gone');
    world.buildFails = false;
    timers.pass(30_000);
    await expect.poll(() => nameOf(live.current())).toBe('engine 2');
    expect(happened.filter((what) => what === 'engine 1 ended')).toHaveLength(1);
  });
});

describe('the end of the program', () => {
  it('in the middle of a change builds nothing more, and ends the old engine once', async () => {
    const { live, world, happened, stops } = await setUp();
    world.holdStops = true;
    const change = live.reconfigure(changed);
    await expect.poll(() => stops.length).toBe(1);
    const end = live.stop();
    stops[0]!();
    await Promise.all([change, end]);
    expect(happened).toEqual(['engine 1 built', 'engine 1 ending', 'engine 1 ended']);
  });

  it('lets no later change begin', async () => {
    const { live, happened } = await setUp();
    await live.stop();
    expect(await live.reconfigure(changed)).not.toBeNull();
    expect(happened).toEqual(['engine 1 built', 'engine 1 ending', 'engine 1 ended']);
  });
});
