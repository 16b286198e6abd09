/** `KEYS_FOLDER MALL SECRET DATA`: waits for a line on stdin, then seals and prints the sealed text on one line. */
import { once } from 'node:events';
import { openSealing } from '../../../electron/adapters/sealing/sealing.ts';

const [folder = '', mall = '', secret = '', data = ''] = process.argv.slice(2);
const log = { info() {}, warn() {}, error() {} };
const sealing = openSealing({ folder, mall, secrets: () => [secret], log });
console.log('ready');
await once(process.stdin, 'data');
const sealed = await sealing.seal('race', data);
console.log(JSON.stringify(sealed));
process.stdin.destroy();
