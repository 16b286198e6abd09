/** One of several processes on one store: reads, tries to write the next generation, until enough are written. */
import { createInterface } from 'node:readline';
import { openStore, type StorePlace } from './open-store.ts';

interface Task {
  readonly place: StorePlace;
  readonly mall: string;
  readonly generations: number;
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const task = JSON.parse(String((await lines.next()).value)) as Task;
const store = await openStore(task.place);
await store.read(task.mall);
console.log('ready');
await lines.next();

const won: number[] = [];
const failures: string[] = [];
for (let done = false; !done && failures.length < 10; ) {
  const seen = await store.read(task.mall);
  if (!seen.ok) {
    failures.push(`read ${seen.code} ${seen.detail ?? ''}`);
    continue;
  }
  const generation = Number(seen.value.meta.generation ?? '0');
  done = generation >= task.generations;
  if (done) break;
  const next = generation + 1;
  const outcome = await store.commit(task.mall, {
    expect: { generation, text: seen.value.text },
    text: JSON.stringify({ generation: next, by: process.pid }),
    meta: { generation: String(next) },
    spend: [`hash-${next}`],
  });
  if (!outcome.ok) failures.push(`commit ${outcome.code} ${outcome.detail ?? ''}`);
  else if (outcome.value.kind === 'done') won.push(next);
}
await store.close();
console.log(JSON.stringify({ won, failures }));
process.stdin.destroy();
