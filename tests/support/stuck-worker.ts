/** Stands still for ever in the middle of something: `write FILE DATA` before the rename, `lock FOLDER` while it holds it. */
import { writeDurably } from '../../electron/adapters/durable-file.ts';
import { withLock } from '../../electron/adapters/folder-lock.ts';

const [what, target = '', data = ''] = process.argv.slice(2);

function standStill(): Promise<never> {
  console.log('stuck');
  setInterval(() => {}, 60_000);
  return new Promise(() => {});
}

if (what === 'write') await writeDurably(target, data, { mayReplace: standStill });
if (what === 'lock') await withLock(target, standStill);
