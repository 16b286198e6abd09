// One process of a shop that keeps its token by one of the ways of clients.mjs; driven over IPC.
import { Redis } from 'ioredis';
import { CLIENTS } from './clients.mjs';

const { PEER, BENCH_ORIGIN, BENCH_REDIS, BENCH_CLIENT_ID, BENCH_CLIENT_SECRET, BENCH_PACKAGE } = process.env;
const KEY = 'cafe24:oauth:myshop';

/** The clock of this process jumps as a laptop's does after its sleep. */
const RealDate = Date;
let offset = Number(process.env.BENCH_OFFSET ?? 0);
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + offset);
    else super(...parts);
  }
  static now() {
    return RealDate.now() + offset;
  }
};

const redis = new Redis(BENCH_REDIS);
redis.on('error', () => {});
const basic = `Basic ${Buffer.from(`${BENCH_CLIENT_ID}:${BENCH_CLIENT_SECRET}`).toString('base64')}`;
const world = {
  clientId: BENCH_CLIENT_ID,
  clientSecret: BENCH_CLIENT_SECRET,
  tokenUrl: `${BENCH_ORIGIN}/myshop/api/v2/oauth/token`,
  resourceUrl: `${BENCH_ORIGIN}/myshop/api/v2/admin/products/count`,
  packageFile: BENCH_PACKAGE,
  set: null,
  load: async () => JSON.parse(await redis.get(KEY)),
  save: async (set) => void (await redis.set(KEY, JSON.stringify(set))),
  async call(token) {
    const response = await fetch(world.resourceUrl, { headers: { authorization: `Bearer ${token}` } });
    await response.text();
    return response.status;
  },
  async post(refreshToken) {
    const response = await fetch(world.tokenUrl, {
      method: 'POST',
      headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(body.error);
    return body;
  },
};

process.on('unhandledRejection', () => {});
world.set = await world.load();
const access = await CLIENTS[PEER](world);

async function perCallUs(count, call) {
  for (let warm = 0; warm < Math.min(count, 200); warm += 1) await call();
  const startedAt = performance.now();
  for (let done = 0; done < count; done += 1) await call();
  return ((performance.now() - startedAt) * 1000) / count;
}

async function perform({ kind, count, ms }) {
  switch (kind) {
    case 'jump':
      offset += ms;
      return {};
    case 'ask': {
      const ended = await Promise.allSettled(Array.from({ length: count }, () => access()));
      const tokens = ended.flatMap((end) => (end.status === 'fulfilled' ? [end.value ?? null] : []));
      const [reason] = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
      const said = reason && String(reason.code ?? reason.error ?? reason.message).slice(0, 60);
      return { tokens, said: said ?? null };
    }
    case 'hot': {
      const { access_token: token } = world.set;
      const bare = async () => token;
      // The first round compiles; in short turns, so that what the machine does besides hits all alike.
      const rounds = Array.from({ length: 12 }, () => ({}));
      for (const round of rounds) {
        round.call = await perCallUs(count * 10, bare);
        round.memory = await perCallUs(count * 10, () => access());
        round.get = await perCallUs(count, () => redis.get(KEY));
        round.store = await perCallUs(count, () => access({ maxAgeMs: 0 }));
      }
      return { rounds: rounds.slice(1) };
    }
    default:
      throw new Error(`unknown: ${kind}`);
  }
}
process.on('message', async ({ id, command }) => {
  try {
    process.send({ id, answer: await perform(command) });
  } catch (error) {
    process.send({ id, answer: { tokens: [], said: String(error.message).slice(0, 60) } });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ id: 0, answer: {} });
