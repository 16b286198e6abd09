import { Cluster, Redis } from 'ioredis';
import { until } from '../../support/poll.ts';
import { findFreePort, type RedisServer, startRedis } from '../../support/redis-server.ts';

/** One server of a cluster, and a person who asks it alone. */
export interface ClusterNode {
  readonly server: RedisServer;
  readonly client: Redis;
}

export interface RedisCluster {
  /** As `KV_REDIS_URL` names a cluster: its masters as they were at the start. */
  readonly url: string;
  readonly client: Cluster;
  /** Masters at the start; a failover may have made another one of each. */
  readonly masters: readonly ClusterNode[];
  /** The replica of each of them, in their order. */
  readonly replicas: readonly ClusterNode[];
  stop(): Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = 3;
/** A node is taken for dead after this: soon, but not by a busy machine's pauses. */
const NODE_TIMEOUT_MS = 1500;

const CONFIG = [
  'cluster-enabled yes',
  `cluster-node-timeout ${NODE_TIMEOUT_MS}`,
  // A replica stands for election however old its copy is, and gets its first copy without the usual five seconds' wait.
  'cluster-replica-validity-factor 0',
  'repl-diskless-sync-delay 0',
];

/** Three masters on loopback, a third of the slots and one replica each. */
export async function startCluster(): Promise<RedisCluster> {
  const nodes: ClusterNode[] = [];
  let client: Cluster | undefined;
  const stop = async () => {
    client?.disconnect();
    for (const node of nodes) node.client.disconnect();
    await Promise.all(nodes.map(({ server }) => server.stop()));
  };
  try {
    for (let count = 0; count < 2 * MASTERS; count += 1) nodes.push(await startNode());
    const masters = nodes.slice(0, MASTERS);
    const replicas = nodes.slice(MASTERS);
    await join(nodes, masters);
    await Promise.all(replicas.map((replica, index) => follow(replica, masters[index] as ClusterNode)));
    await until(async () => (await Promise.all(nodes.map(isReady))).every(Boolean), {
      timeoutMs: 30_000,
      what: 'the cluster',
    });
    const hosts = masters.map(({ server }) => ({ host: '127.0.0.1', port: server.port }));
    client = new Cluster(hosts);
    client.on('error', () => {});
    const url = `redis://${hosts.map(({ host, port }) => `${host}:${port}`).join(',')}`;
    return { url, client, masters, replicas, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startNode(): Promise<ClusterNode> {
  // The bus lies 10000 above the port by default, which may be no port at all.
  const bus = await findFreePort();
  const server = await startRedis({ config: [...CONFIG, `cluster-port ${bus}`] });
  const client = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => {});
  return { server, client };
}

/** Slots and an epoch of its own for each master, then all are introduced to the first. */
async function join(nodes: readonly ClusterNode[], masters: readonly ClusterNode[]): Promise<void> {
  for (const [index, { client }] of masters.entries()) {
    const from = Math.floor((index * SLOTS) / MASTERS);
    const to = Math.floor(((index + 1) * SLOTS) / MASTERS) - 1;
    await client.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  const [first, ...others] = nodes as [ClusterNode, ...ClusterNode[]];
  for (const { server, client } of others) {
    const bus = String(((await client.config('GET', 'cluster-port')) as string[])[1]);
    await first.client.call('CLUSTER', 'MEET', '127.0.0.1', server.port, bus);
  }
}

/** Retried until the replica has heard of its master. */
async function follow(replica: ClusterNode, master: ClusterNode): Promise<void> {
  const id = String(await master.client.cluster('MYID'));
  const isFollowing = () =>
    replica.client.call('CLUSTER', 'REPLICATE', id).then(
      () => true,
      () => false,
    );
  await until(isFollowing, { timeoutMs: 30_000, what: 'a replica that knows its master' });
}

async function isReady({ client }: ClusterNode): Promise<boolean> {
  const [info, replication] = await Promise.all([client.cluster('INFO'), client.info('replication')]);
  return (
    /cluster_state:ok/.test(String(info)) &&
    new RegExp(`cluster_known_nodes:${2 * MASTERS}\\b`).test(String(info)) &&
    /^(connected_slaves:1|master_link_status:up)\b/m.test(replication)
  );
}

/** A restarted node is forgiven by each of the others in its own time: until then a new client may ask one that has not. */
export async function takenBack({ masters, replicas }: RedisCluster, restarted: ClusterNode): Promise<void> {
  const isWhole = async ({ client }: ClusterNode) =>
    client.status === 'ready' && /cluster_state:ok/.test(String(await client.cluster('INFO')));
  const alive = [...masters, ...replicas].filter(
    (node) => node === restarted || node.client.status === 'ready',
  );
  await until(async () => (await Promise.all(alive.map(isWhole))).every(Boolean), {
    timeoutMs: 40_000,
    what: 'the cluster with the restarted node',
  });
}

/** Who is master now and has keys, asked of the nodes themselves; one that is dead is left out. */
export async function holdersOf({ masters, replicas }: RedisCluster): Promise<readonly ClusterNode[]> {
  const holders: ClusterNode[] = [];
  for (const node of [...masters, ...replicas]) {
    if (node.client.status !== 'ready') continue;
    const [role] = (await node.client.role()) as [string];
    if (role === 'master' && (await node.client.dbsize()) > 0) holders.push(node);
  }
  return holders;
}

/** The other of a master and its replica. */
export function partnerOf({ masters, replicas }: RedisCluster, node: ClusterNode): ClusterNode {
  const [here, there] = masters.includes(node) ? [masters, replicas] : [replicas, masters];
  const partner = there[here.indexOf(node)];
  if (!partner) throw new Error('no node of this cluster');
  return partner;
}
