// The simulator as a program of its own: node scripts/run-ts.mjs tests/simulator/main.ts [options]
import { parseArgs } from 'node:util';
import {
  DEFAULT_CLIENT,
  DEFAULT_CLIENT_SECRET,
  DEFAULT_LOOPBACK_REDIRECT_URI,
  DEFAULT_MALL,
} from './registration.ts';
import { startSimulator } from './server.ts';

const USAGE = `usage: main.ts [--port N] [--allow-loopback-redirect] [--mall ID]... [--client-id ID]
               [--redirect-uri URI]... [--deadline rolling|fixed]
The client secret is taken from the environment variable CAFE24_CLIENT_SECRET.`;

function readOptions(): ReturnType<typeof parse> | null {
  try {
    return parse();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return null;
  }
}

function parse() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'allow-loopback-redirect': { type: 'boolean', default: false },
      mall: { type: 'string', multiple: true, default: [DEFAULT_MALL.mallId] },
      'client-id': { type: 'string', default: DEFAULT_CLIENT.clientId },
      'redirect-uri': { type: 'string', multiple: true },
      deadline: { type: 'string', default: 'rolling' },
    },
  });
  const { deadline, mall, port } = values;
  if (deadline !== 'rolling' && deadline !== 'fixed') throw new Error('--deadline is rolling or fixed');
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new Error('--port is a number from 0 to 65535');
  const badMall = mall.find((id) => !/^[a-z0-9-]+$/.test(id));
  if (badMall !== undefined) throw new Error(`--mall ${badMall}: lower-case letters, digits and hyphen only`);
  const allowLoopbackRedirect = values['allow-loopback-redirect'];
  const fallback = allowLoopbackRedirect ? [DEFAULT_LOOPBACK_REDIRECT_URI] : DEFAULT_CLIENT.redirectUris;
  return {
    port: Number(port),
    deadline,
    allowLoopbackRedirect,
    mallIds: mall,
    clientId: values['client-id'],
    redirectUris: values['redirect-uri'] ?? fallback,
  } as const;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) {
    process.exitCode = 2;
    return;
  }
  const ownSecret = process.env.CAFE24_CLIENT_SECRET || null;
  const { clientId, redirectUris, mallIds } = options;
  const simulator = await startSimulator({
    port: options.port,
    deadline: options.deadline,
    allowLoopbackRedirect: options.allowLoopbackRedirect,
    malls: mallIds.map((mallId) => ({
      mallId,
      ownerId: mallId === DEFAULT_MALL.mallId ? DEFAULT_MALL.ownerId : `${mallId}-owner`,
    })),
    clients: [
      { ...DEFAULT_CLIENT, clientId, redirectUris, clientSecret: ownSecret ?? DEFAULT_CLIENT_SECRET },
    ],
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      simulator.close().then(() => process.exit(0));
    });
  }
  const environment = [
    ['CAFE24_API_ORIGIN', `'${simulator.apiOrigin}'`],
    ['CAFE24_MALL_ID', mallIds[0]],
    ['CAFE24_CLIENT_ID', clientId],
    // A secret from outside is not ours to print.
    ...(ownSecret === null ? [['CAFE24_CLIENT_SECRET', DEFAULT_CLIENT_SECRET]] : []),
    ['CAFE24_REDIRECT_URI', redirectUris[0]],
  ];
  console.log(`Cafe24 simulator at ${simulator.origin} (malls: ${mallIds.join(', ')}; Ctrl+C ends it)

Environment for the app:
${environment.map(([name, value]) => `  ${name}=${value}`).join('\n')}
${ownSecret === null ? '' : '  CAFE24_CLIENT_SECRET as in the environment of the simulator\n'}`);
  const machineReadable = {
    origin: simulator.origin,
    apiOrigin: simulator.apiOrigin,
    mallIds,
    clientId,
    redirectUris,
    deadline: options.deadline,
  };
  console.log(`SIMULATOR ${JSON.stringify(machineReadable)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
