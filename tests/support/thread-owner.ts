/** As a worker thread: says who it is to the lease, for the data folder it was given. */
import { parentPort, workerData } from 'node:worker_threads';
import { readIdentity } from '../../electron/adapters/identity.ts';

parentPort?.postMessage((await readIdentity(workerData)).owner);
