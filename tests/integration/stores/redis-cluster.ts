import { Cluster, Redis } from 'ioredis';
import { until } from '../../support/poll.ts';
import { findFreePort, type RedisServer, startRedis } from '../../support/redis-server.ts';

export interface RedisCluster {
  /** As `KV_REDIS_URL` names a cluster. */
  readonly url: string;
  readonly client: Cluster;
  /** The nodes, each asked by itself. */
  readonly nodes: readonly Redis[];
  readonly servers: readonly RedisServer[];
  stop(): Promise<void>;
}

const LAST_SLOT = 16_383;
const HALF = 8_192;

/** Two masters on loopback, half of the slots each. */
export async function startCluster(): Promise<RedisCluster> {
  const servers: RedisServer[] = [];
  const nodes: Redis[] = [];
  const stop = async () => {
    client?.disconnect();
    for (const node of nodes) node.disconnect();
    await Promise.all(servers.map((server) => server.stop()));
  };
  let client: Cluster | undefined;
  try {
    for (let count = 0; count < 2; count += 1) {
      // The bus lies 10000 above the port by default, which may be no port at all.
      const bus = await findFreePort();
      const server = await startRedis({ config: ['cluster-enabled yes', `cluster-port ${bus}`] });
      servers.push(server);
      const node = new Redis(server.url);
      node.on('error', () => {});
      nodes.push(node);
    }
    const [first, second] = nodes as [Redis, Redis];
    const [, other] = servers as [RedisServer, RedisServer];
    await first.call('CLUSTER', 'ADDSLOTSRANGE', 0, HALF - 1);
    await second.call('CLUSTER', 'ADDSLOTSRANGE', HALF, LAST_SLOT);
    const bus = String(await second.config('GET', 'cluster-port')).split(',')[1];
    await first.call('CLUSTER', 'MEET', '127.0.0.1', other.port, String(bus));
    await until(
      async () => {
        const states = await Promise.all(nodes.map((node) => node.cluster('INFO')));
        return states.every(
          (state) => /cluster_state:ok/.test(String(state)) && /cluster_known_nodes:2/.test(String(state)),
        );
      },
      { timeoutMs: 30_000, what: 'the cluster' },
    );
    const hosts = servers.map((server) => ({ host: '127.0.0.1', port: server.port }));
    client = new Cluster(hosts);
    client.on('error', () => {});
    return {
      url: `redis://${hosts.map(({ host, port }) => `${host}:${port}`).join(',')}`,
      client,
      nodes,
      servers,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
