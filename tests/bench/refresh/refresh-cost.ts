/** One refresh from due to published, over the bare POST of the same request: with Redis, journal and fsync. */
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { openDataFolder } from '../../../electron/adapters/data-folder.ts';
import { createClosedVault } from '../../../electron/adapters/secrets/closed-vault.ts';
import { type Core, composeCore, openLogging } from '../../../electron/compose-core.ts';
import { DEFAULT_SETTINGS } from '../../../shared/settings-schema.ts';
import { startRedis } from '../../support/redis-server.ts';
import { median, sum } from '../measure/statistics.ts';
import { CLIENT_ID, CLIENT_SECRET, type Endpoint, startEndpoint } from '../peers/endpoint.ts';
import { barPlotOf } from '../report/bar-plot.ts';
import type { Section } from '../section.ts';
import { type Call, traced } from './traced-ports.ts';

const MALL = 'myshop';
/** A mall of its own for the bare request, so that both present a token that is valid. */
const BARE_MALL = 'bare';
/** Half of the access token's life, the spread, and a little. */
const UNTIL_DUE_MS = 66 * 60_000;
/** See, take the lease and see again, put the intent down, publish: one script each. */
const LEAST_ROUND_TRIPS = 4;
/** Where more than this are made something has been lost. */
const MOST_ROUND_TRIPS = 6;
/** Of the journal: the place, the intent, the answer. */
const LEAST_WRITES = 3;

interface Round {
  readonly wholeMs: number;
  readonly bareMs: number;
  /** A file of a journal's size, replaced whole and synced with its folder. */
  readonly syncMs: number;
  readonly pingMs: number;
  readonly calls: readonly Call[];
}

export async function measureRefresh(quick: boolean): Promise<Section> {
  const endpoint = await startEndpoint({ delayMs: 0 });
  const redis = await startRedis();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-refresh-'));
  const admin = new Redis(redis.url);
  const calls: Call[] = [];
  const { access_token, refresh_token, expires_at, refresh_token_expires_at } = endpoint.issue(MALL);
  const set = {
    ...{ access_token, refresh_token },
    expires_at: Date.parse(`${expires_at}+09:00`),
    refresh_token_expires_at: Date.parse(`${refresh_token_expires_at}+09:00`),
  };
  await admin.set(`cafe24:oauth:${MALL}`, JSON.stringify(set));
  const core = await composeKeeper(endpoint.origin, redis.url, folder, calls);
  try {
    const rounds: Round[] = [];
    let bareToken = endpoint.issue(BARE_MALL).refresh_token;
    // The first is not counted: scripts are loaded, code is compiled, the set is adopted.
    for (let round = 0; round <= (quick ? 10 : 60); round += 1) {
      const wholeMs = await refreshOnce(core, endpoint, calls);
      const bare = await timed(() => postBare(endpoint.origin, bareToken));
      bareToken = bare.value;
      const sync = await timed(() => writeSynced(folder));
      const ping = await timed(() => admin.ping());
      const of = calls.splice(0);
      if (round > 0) rounds.push({ wholeMs, bareMs: bare.ms, syncMs: sync.ms, pingMs: ping.ms, calls: of });
    }
    return sectionOf(rounds);
  } finally {
    await core.stop();
    admin.disconnect();
    await redis.stop();
    await endpoint.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function composeKeeper(origin: string, redisUrl: string, folder: string, calls: Call[]): Promise<Core> {
  const dataFolder = await openDataFolder(path.join(folder, 'data'));
  return await composeCore({
    env: {
      CAFE24_MALL_ID: MALL,
      CAFE24_CLIENT_ID: CLIENT_ID,
      CAFE24_CLIENT_SECRET: CLIENT_SECRET,
      CAFE24_REDIRECT_URI: 'https://relay.example.test/cafe24/',
      CAFE24_API_ORIGIN: `${origin}/{mall_id}`,
      KV_REDIS_URL: redisUrl,
    },
    cwd: folder,
    packaged: true,
    dataFolder,
    settings: { settings: DEFAULT_SETTINGS, problems: [] },
    vault: createClosedVault(),
    ephemeral: false,
    locale: () => 'ko',
    logging: openLogging(dataFolder, { name: 'bench', console: false }),
    through: (ports) => traced(ports, calls),
  });
}

/** From the look that finds it due to the answer of the script that publishes. */
async function refreshOnce(core: Core, endpoint: Endpoint, calls: Call[]): Promise<number> {
  const [keeper] = core.keepers;
  if (!keeper) throw new Error('no keeper');
  await keeper.look();
  endpoint.jump(UNTIL_DUE_MS);
  await core.clock.verify();
  calls.splice(0);
  const before = endpoint.requests();
  const startedMs = performance.now();
  const view = await keeper.look();
  const published = calls.find(({ publishes }) => publishes);
  if (!published || endpoint.requests() !== before + 1)
    throw new Error(`not one refresh: ${view.state?.state} ${view.state?.reason} ${view.waitsFor}`);
  return published.endedMs - startedMs;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const startedMs = performance.now();
  const value = await work();
  return { ms: performance.now() - startedMs, value };
}

/** The same request by Node alone, on a connection of its own; answers with the next refresh token. */
function postBare(origin: string, refreshToken: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }).toString();
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${origin}/${BARE_MALL}/api/v2/oauth/token`,
      {
        method: 'POST',
        agent: false,
        headers: {
          authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()).refresh_token));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** The least that leaves either the old file or the new one, whole, whenever the power fails. */
async function writeSynced(folder: string): Promise<void> {
  const file = path.join(folder, 'probe');
  const beside = await open(`${file}.new`, 'w');
  await beside.write('x'.repeat(1500));
  await beside.sync();
  await beside.close();
  await rename(`${file}.new`, file);
  const parent = await open(folder, 'r');
  await parent.sync();
  await parent.close();
}

function sectionOf(rounds: readonly Round[]): Section {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  const untilPublished = rounds.map(({ calls }) =>
    calls.slice(0, calls.findIndex(({ publishes }) => publishes) + 1),
  );
  const roundTrips = mostOf(untilPublished, 'store');
  const writes = Math.max(
    ...untilPublished.map((calls) => calls.filter(({ method }) => method === 'write').length),
  );
  const whole = of(({ wholeMs }) => wholeMs);
  const bare = of(({ bareMs }) => bareMs);
  const [sync, ping] = [of(({ syncMs }) => syncMs), of(({ pingMs }) => pingMs)];
  const limit = bare + LEAST_WRITES * sync + LEAST_ROUND_TRIPS * ping;
  const steps = stepsOf(untilPublished);
  const arithmetic = whole - sum(steps.map(({ ms }) => ms));
  const ms = (value: number) => value.toFixed(2);
  return {
    title: 'The refresh itself',
    text: [
      'From the look that finds a refresh due to the answer of the script that publishes the new set: Redis, a journal on disk with fsync, an endpoint that answers at once. Medians; the bare request is the same POST by Node alone, in turns with ours, both on a fresh connection.',
      `${ms(whole)} ms, of which the bare POST takes ${ms(bare)} ms: ${ms(whole - bare)} ms for the promise that no answer is lost and no token is presented twice. The parts that cannot be left out (the POST, ${LEAST_WRITES} files replaced and synced of ${ms(sync)} ms, ${LEAST_ROUND_TRIPS} answers of Redis of ${ms(ping)} ms) make ${ms(limit)} ms.`,
    ],
    tables: [
      {
        title: 'What each step costs',
        head: ['step', 'ms', 'share'],
        rows: [
          ...steps.map(({ name, ms: cost }) => [name, ms(cost), `${((cost / whole) * 100).toFixed(0)} %`]),
          [
            'deciding, sealing, judging between them',
            ms(arithmetic),
            `${((arithmetic / whole) * 100).toFixed(0)} %`,
          ],
          ['all', ms(whole), '100 %'],
        ],
      },
    ],
    plots: [
      {
        file: 'refresh.svg',
        alt: 'What a refresh costs, step by step',
        svg: barPlotOf('One refresh, from due to published', 'ms', [
          { label: 'the bare POST', value: bare, isOurs: false },
          ...steps.map(({ name, ms: value }) => ({ label: name, value, isOurs: true })),
        ]),
      },
    ],
    goals: [
      {
        what: 'Redis round trips of a refresh, until it is published',
        measured: String(roundTrips),
        goal: `at most ${LEAST_ROUND_TRIPS}`,
        isMet: roundTrips <= LEAST_ROUND_TRIPS,
        isCertain: false,
        why: `${namesOf(steps, 'store')}, ${ms(ping)} ms each on this machine`,
      },
      {
        what: 'the same, beyond which the run fails',
        measured: String(roundTrips),
        goal: `at most ${MOST_ROUND_TRIPS}`,
        isMet: roundTrips <= MOST_ROUND_TRIPS,
        isCertain: true,
      },
      {
        what: 'synced files of a refresh, until it is published',
        measured: String(writes),
        goal: `at most ${LEAST_WRITES}`,
        isMet: writes <= LEAST_WRITES,
        isCertain: true,
      },
      {
        what: 'a refresh, as a multiple of its indispensable parts',
        measured: (whole / limit).toFixed(2),
        goal: 'at most 2',
        isMet: whole / limit <= 2,
        isHeadline: true,
        isCertain: false,
      },
    ],
  };
}

function namesOf(steps: readonly { readonly name: string }[], port: Call['port']): string {
  return steps
    .flatMap(({ name }) => (name.startsWith(`${port}.`) ? [name.slice(port.length + 1)] : []))
    .join('; ');
}

function mostOf(rounds: readonly (readonly Call[])[], port: Call['port']): number {
  return Math.max(...rounds.map((calls) => calls.filter((call) => call.port === port).length));
}

/** In the order of an ordinary refresh; the n-th call of the same kind is compared with the n-th. */
function stepsOf(
  rounds: readonly (readonly Call[])[],
): readonly { readonly name: string; readonly ms: number }[] {
  const costs = new Map<string, number[]>();
  for (const calls of rounds) {
    const seen = new Map<string, number>();
    for (const { port, method, startedMs, endedMs } of [...calls].sort((a, b) => a.startedMs - b.startedMs)) {
      const kind = `${port}.${method}`;
      const count = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, count);
      const name = count === 1 ? kind : `${kind}, ${count}`;
      costs.set(name, [...(costs.get(name) ?? []), endedMs - startedMs]);
    }
  }
  return [...costs].map(([name, ms]) => ({ name, ms: median(ms) }));
}
