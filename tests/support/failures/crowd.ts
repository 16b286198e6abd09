/**
 * Many keepers on one Redis, of which one is killed or made to stand still in most generations. Every choice comes from
 * a seed; the two invariants are checked from the simulator's record at the end.
 */
import { expect } from 'vitest';
import { generationOf } from '../../../shared/meta.ts';
import { until } from '../poll.ts';
import { expectNothingLost } from './invariants.ts';
import type { KeeperProcess } from './keeper-process.ts';
import { createScene, exchangeOf, MINUTE, type Scene, SECOND } from './scene.ts';
import { seeded } from './seeded.ts';
import { DUE, isStoredLive } from './shop.ts';
import type { Point } from './worker-protocol.ts';

export interface CrowdReport {
  readonly generations: number;
  readonly kills: number;
  readonly pauses: number;
  /** Killed between the request and the journaled answer: followed by a consent. */
  readonly honestLosses: number;
  readonly presentedAgain: number;
}

type Mishap =
  | { readonly kind: 'none' }
  | { readonly kind: 'kill' | 'pause'; readonly point: Point }
  | { readonly kind: 'kill on the wire'; readonly phase: 'before' | 'after-apply' };

const BEFORE_THE_WIRE: readonly Point[] = [
  'after journal: refresh proving',
  'after store: take the lease',
  'after journal: refresh open',
];
const AFTER_THE_WIRE: readonly Point[] = [
  'after wire: refresh',
  'after journal: refresh answered',
  'before store: publish',
  'after store: publish',
];
/**
 * Not made to stand still right before its request: a pause there of less than 35 s is within the lease, and a longer
 * one is refused by the host's clocks, which a pause of seconds in a test does not move.
 */
const MISHAPS: readonly Mishap[] = [
  { kind: 'none' },
  { kind: 'none' },
  ...[...BEFORE_THE_WIRE, 'after store: intent' as const, ...AFTER_THE_WIRE].map(
    (point): Mishap => ({ kind: 'kill', point }),
  ),
  ...[...BEFORE_THE_WIRE, ...AFTER_THE_WIRE].map((point): Mishap => ({ kind: 'pause', point })),
  { kind: 'kill on the wire', phase: 'before' },
  { kind: 'kill on the wire', phase: 'after-apply' },
];

/** Enough for a second presentation by whoever may make it; never so long that they take it for a sleep. */
const WAITS_MS = [0, 31 * SECOND, ...Array<number>(7).fill(4 * MINUTE)];

export async function runCrowd(options: {
  readonly redisUrl: string;
  readonly seed: number;
  readonly keepers: number;
  readonly generations: number;
}): Promise<CrowdReport> {
  const { pick } = seeded(options.seed);
  const scene = await createScene(options.redisUrl);
  const homes = Array.from({ length: options.keepers }, (_, index) => `machine-${index}`);
  const crowd = new Map<string, KeeperProcess>();
  const disturbed = new Set<number>();
  let kills = 0;
  let pauses = 0;
  let honestLosses = 0;

  async function reviveAll(): Promise<void> {
    const revived = homes.filter((home) => crowd.get(home)?.hasExited() ?? true);
    for (const home of revived) crowd.set(home, await scene.keeper(home));
    await Promise.all(revived.map((home) => crowd.get(home)?.started));
  }
  await reviveAll();
  await scene.connect(only(crowd, homes[0]));

  while (generationOf((await scene.store()).meta) <= options.generations) {
    const before = generationOf((await scene.store()).meta);
    const mishap = pick(MISHAPS);
    const victim = only(crowd, pick(homes));
    if (mishap.kind === 'kill' || mishap.kind === 'pause') {
      disturbed.add(victim.pid);
      const deed = mishap.kind === 'kill' ? 'SIGKILL' : 'SIGSTOP';
      await victim.demand({ do: 'arm', armed: { point: mishap.point, deed } });
    }
    if (mishap.kind === 'kill on the wire')
      scene.once(mishap.phase, async () => {
        const presenter = await presenterOf(scene, crowd);
        disturbed.add(presenter.pid);
        await presenter.kill();
      });

    scene.simulator.advance(DUE);
    // The victim is first at the lease; the others come while it is at work, or find it dead or asleep.
    const seen = (await scene.record()).length;
    let isOver = false;
    const first = lookUnlessPaused(victim).finally(() => {
      isOver = true;
    });
    const isAtTheLease = async () =>
      (await scene.record())
        .slice(seen)
        .some((line) => line.pid === victim.pid && line.event === 'call' && line.name.includes('lease'));
    await until(async () => isOver || (await isAtTheLease()), { timeoutMs: 30_000, what: 'the first look' });
    await Promise.all([first, ...[...crowd.values()].map(lookUnlessPaused)]);
    if ([...crowd.values()].some((each) => each.hasExited())) kills += 1;
    await reviveAll();

    for (const waitMs of WAITS_MS) {
      scene.simulator.advance(waitMs);
      await scene.endLease();
      await Promise.all([...crowd.values()].map(lookUnlessPaused));
      if (generationOf((await scene.store()).meta) > before) break;
    }
    if (isPaused(victim)) {
      pauses += 1;
      victim.resume();
      await victim.demand({ do: 'look' });
      // A new process, whose record of having stood still is empty.
      await victim.kill();
    }
    await reviveAll();
    await Promise.all([...crowd.values()].map((each) => each.demand({ do: 'disarm' })));
    const speaker = only(crowd, pick(homes));
    const view = await speaker.demand({ do: 'look' });
    if (view.state === 'NEEDS_REAUTH') {
      honestLosses += 1;
      await scene.endLease();
      expect((await speaker.demand(exchangeOf(await scene.code()))).outcome).toBe('consent.connected');
    } else expect(view.state, `after ${JSON.stringify(mishap)}`).toBe('HEALTHY');
    expect(generationOf((await scene.store()).meta)).toBeGreaterThan(before);
    expect(await isStoredLive(scene)).toBe(true);
  }

  const views = await Promise.all([...crowd.values()].map((each) => each.demand({ do: 'look' })));
  expect(new Set(views.map(({ set }) => set?.refreshTokenHash)).size, 'everybody has one set').toBe(1);
  const { presentations, neverJournaled } = await expectNothingLost(scene);
  expect(neverJournaled, 'losses are the killed ones').toHaveLength(honestLosses);
  const again = [...presentations].filter(([, times]) => times.length > 1);
  const lines = await scene.record();
  for (const [hash] of again) {
    const firstIntent = lines.find((line) => line.event === 'intent' && line.presentedHash === hash);
    expect(disturbed, `${hash} was presented again`).toContain(firstIntent?.pid);
  }
  return {
    generations: generationOf((await scene.store()).meta) - 1,
    kills,
    pauses,
    honestLosses,
    presentedAgain: again.length,
  };
}

function isPaused(keeper: KeeperProcess): boolean {
  return keeper.said.some(({ kind }) => kind === 'at') && !keeper.hasExited();
}

/** A look of a keeper, to its end, its death, or the point where it stands still. */
async function lookUnlessPaused(keeper: KeeperProcess): Promise<void> {
  if (isPaused(keeper)) return;
  let isOver = false;
  const look = keeper.ask({ do: 'look' }).finally(() => {
    isOver = true;
  });
  look.catch(() => {});
  await until(() => isOver || isPaused(keeper), { timeoutMs: 30_000, what: 'a look' });
  if (isOver) await look;
}

async function presenterOf(scene: Scene, crowd: ReadonlyMap<string, KeeperProcess>): Promise<KeeperProcess> {
  const intent = (await scene.record()).findLast((line) => line.event === 'intent');
  const found = [...crowd.values()].find(({ pid }) => pid === intent?.pid);
  if (!found) throw new Error('nobody presented');
  return found;
}

function only(crowd: ReadonlyMap<string, KeeperProcess>, home: string | undefined): KeeperProcess {
  const found = home === undefined ? undefined : crowd.get(home);
  if (!found) throw new Error(`no keeper in ${home}`);
  return found;
}
