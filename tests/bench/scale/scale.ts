/** What many shops cost, and many keepers: counts that must not grow, work that must be spread and shared. */
import { SPREAD_MS } from '../../../shared/due.ts';
import { quantile, sum } from '../measure/statistics.ts';
import { barPlotOf } from '../report/bar-plot.ts';
import { countsOf, histogramOf } from '../report/histogram.ts';
import type { Goal, Section } from '../section.ts';
import { type KeptShops, keepShops } from './keepers.ts';

const MINUTE_MS = 60_000;
/** Cafe24 takes 15 requests in two hours; three of them stay for consents (docs/keeper.md, 3). */
const BUDGET = 12;
/** All shops fall due within five minutes: seen from a minute before to a minute after. */
const WORST = { ageMs: 59 * MINUTE_MS, minutes: 7 };
const LONG = { ageMs: 59 * MINUTE_MS, minutes: 130 };
/** A fair share is an equal one, give or take what chance deals out. */
const SHARE_FROM = 0.6;
/** Of evenly spread refreshes a ten-second bar holds a thirtieth. */
const BAR_MS = 10_000;
/** The fullest bar holds at most this many times what an even spread would put into one. */
const MOST_IN_BAR = 3;

export async function measureScale(quick: boolean): Promise<Section> {
  const counts = quick ? [1, 20] : [1, 10, 100, 1000];
  const runs: KeptShops[] = [];
  for (const shops of counts)
    runs.push(await keepShops({ shops, keepers: 1, ...(shops === 10 ? LONG : WORST) }));
  const most = Math.max(...counts);
  runs.push(await keepShops({ shops: most, keepers: quick ? 2 : 4, ...WORST }));
  return sectionOf(runs);
}

const lateness = ({ refreshes }: KeptShops) =>
  refreshes.map(({ dueAt, sentAt }) => Math.max(0, sentAt - dueAt));

/** Requests of a shop in an hour, by the time that lay between the issue of its set and its refresh. */
function perHour({ refreshes, halfAt, minutes }: KeptShops, shops: number): number {
  const issuedAt = halfAt - 60 * MINUTE_MS;
  const firsts = refreshes.slice(0, shops).map(({ sentAt }) => sentAt - issuedAt);
  return minutes > 60
    ? refreshes.length / shops / (minutes / 60)
    : (60 * MINUTE_MS * firsts.length) / sum(firsts);
}

function sectionOf(runs: readonly KeptShops[]): Section {
  const alone = runs.filter(({ keepers }) => keepers === 1);
  const together = runs.filter(({ keepers }) => keepers > 1);
  const [smallest] = alone;
  const largest = alone.at(-1);
  const shared = together.at(-1);
  if (!smallest || !largest || !shared) throw new Error('a run is missing');
  const kbPerShop = (of: 'heapBytes' | 'redisBytes') =>
    (largest[of] - smallest[of]) / (largest.shops - smallest.shops) / 1000;
  const rowOf = (run: KeptShops): readonly string[] => [
    `${run.shops} / ${run.keepers}`,
    perHour(run, run.shops).toFixed(2),
    `${quantile(lateness(run), 0.5).toFixed(0)} / ${quantile(lateness(run), 0.99).toFixed(0)}`,
    (run.commands / run.minutes / 60).toFixed(1),
    String(run.commandsInPeak),
    Math.max(...run.startMs).toFixed(0),
    (run.heapBytes / 1e6).toFixed(1),
    `${run.timers} / ${run.connections / run.keepers} / ${run.subscriptions / run.keepers}`,
    String(run.mostInBudget),
    run.shares.join(', '),
  ];
  return {
    title: 'Scale',
    text: [
      'One Redis, and keepers without a window in processes of their own: core and engine of the app. All sets in the store were issued in the same second, the worst case. Time passes as usual while anything is being done and leaps to the next timer when nothing is, so lateness (from due to the request) is real; data folders lie in memory where the machine has such a place.',
      `A shop costs ${kbPerShop('heapBytes').toFixed(0)} kB of a keeper's heap and ${kbPerShop('redisBytes').toFixed(1)} kB of Redis.`,
    ],
    tables: [
      {
        title: 'Shops and keepers',
        head: [
          'shops / keepers',
          'requests per shop and hour',
          'late p50 / p99, ms',
          'Redis commands a second',
          'in the busiest second',
          'start, ms',
          'heap, MB',
          'timers / connections / subscriptions of a keeper',
          'most requests of a shop in two hours',
          'requests by keeper',
        ],
        rows: runs.map(rowOf),
      },
    ],
    plots: [
      ...[largest, shared].map((run) => ({
        file: `refreshes-${run.keepers}.svg`,
        alt: `When ${run.shops} shops under ${keepersOf(run)} were refreshed`,
        svg: histogramOf(
          `Refreshes of ${run.shops} shops whose sets are equally old, ${keepersOf(run)}`,
          's after half of the life',
          BAR_MS / 1000,
          run.refreshes.map(({ sentAt }) => (sentAt - run.halfAt) / 1000),
        ),
      })),
      {
        file: 'scale-commands.svg',
        alt: 'Redis commands a second by number of shops',
        svg: barPlotOf(
          'Redis commands a second',
          '/s',
          runs.map((run) => ({
            label: `${run.shops === 1 ? '1 shop' : `${run.shops} shops`}, ${keepersOf(run)}`,
            value: run.commands / run.minutes / 60,
            isOurs: true,
          })),
        ),
      },
    ],
    goals: goalsOf(runs, smallest, largest, shared),
  };
}

function keepersOf({ keepers }: KeptShops): string {
  return keepers === 1 ? 'one keeper' : `${keepers} keepers`;
}

function goalsOf(
  runs: readonly KeptShops[],
  smallest: KeptShops,
  largest: KeptShops,
  shared: KeptShops,
): readonly Goal[] {
  const certain = (what: string, measured: string, goal: string, isMet: boolean): Goal => ({
    ...{ what, measured, goal, isMet },
    isCertain: true,
  });
  const countsOf = ({ timers, connections, subscriptions, keepers }: KeptShops) =>
    [timers, connections / keepers, subscriptions / keepers].join(', ');
  const herds = [largest, shared].map(herdOf);
  const least = Math.min(...shared.shares) / (sum(shared.shares) / shared.keepers);
  const mostInBudget = Math.max(...runs.map((run) => run.mostInBudget));
  const refreshed = runs.filter((run) => run.minutes < 60);
  const unhealthy = sum(runs.map(({ shops, healthy }) => shops - healthy));
  return [
    {
      ...certain(
        `timers, connections, subscriptions of a keeper of 1 and of ${largest.shops} shops`,
        `${countsOf(smallest)}; ${countsOf(largest)}`,
        'the same',
        countsOf(smallest) === countsOf(largest),
      ),
      isHeadline: true,
    },
    certain(
      'requests of a shop that fell due, at most and in the mean',
      `${Math.max(...refreshed.map((run) => run.mostInBudget))}, ${(sum(refreshed.map((run) => run.refreshes.length)) / sum(refreshed.map((run) => run.shops))).toFixed(2)}`,
      '1, 1.00',
      refreshed.every((run) => run.mostInBudget === 1 && run.refreshes.length === run.shops),
    ),
    certain('shops that are not healthy at the end', String(unhealthy), '0', unhealthy === 0),
    certain(
      'requests of a shop in two hours',
      String(mostInBudget),
      `at most ${BUDGET}`,
      mostInBudget <= BUDGET,
    ),
    {
      ...certain(
        `refreshes in the fullest ${BAR_MS / 1000} s, where all sets are equally old, in those of an even spread: one keeper, ${keepersOf(shared)}`,
        herds.map((herd) => herd.toFixed(1)).join(', '),
        `at most ${MOST_IN_BAR}`,
        herds.every((herd) => herd <= MOST_IN_BAR),
      ),
      // Few shops are no herd.
      isCertain: largest.shops >= 100,
    },
    {
      ...certain(
        `least work of one of ${shared.keepers} keepers, of an equal share`,
        least.toFixed(2),
        `at least ${SHARE_FROM}`,
        least >= SHARE_FROM,
      ),
      isCertain: shared.shops >= 100,
    },
    {
      what: `how late a refresh is among ${largest.shops} shops, 99th percentile`,
      measured: `${quantile(lateness(largest), 0.99).toFixed(0)} ms`,
      goal: 'under 5 s',
      isMet: quantile(lateness(largest), 0.99) < 5_000,
      isHeadline: true,
      isCertain: false,
    },
  ];
}

/** The fullest bar in what the fullest of an even spread holds: each shop is refreshed by the first of its keepers. */
function herdOf({ refreshes, halfAt, keepers }: KeptShops): number {
  const after = refreshes.map(({ sentAt }) => sentAt - halfAt);
  const fullest = Math.max(0, ...countsOf(BAR_MS, after).values()) / refreshes.length;
  return fullest / (1 - (1 - BAR_MS / SPREAD_MS) ** keepers);
}
