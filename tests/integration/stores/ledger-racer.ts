/** One of several processes on one ledger: claims each of the fields it is told, and says which it was given. */
import { createInterface } from 'node:readline';
import { type LedgerPlace, openLedger } from './open-ledger.ts';

const [task = ''] = process.argv.slice(2);
const { place, mall, fields } = JSON.parse(task) as {
  readonly place: LedgerPlace;
  readonly mall: string;
  readonly fields: readonly string[];
};
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const ledger = await openLedger(place);
await ledger.readAlerts(mall);
console.log('ready');
await lines.next();

const won: string[] = [];
const failures: string[] = [];
for (const field of fields) {
  const claimed = await ledger.claimAlert(mall, field, `racer-${process.pid}`, 120_000);
  if (!claimed.ok) failures.push(`${claimed.code} ${claimed.detail ?? ''}`);
  else if (claimed.value) won.push(field);
}
await ledger.close();
console.log(JSON.stringify({ won, failures }));
process.stdin.destroy();
