/** Imported first: keeps the heap of a program that mostly waits as small as what it needs while it waits. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loading our modules would grow the young generation from its first 2 MB to 16 MB, which V8 never gives back while a
// program is idle; we do better with a few more short collections.
setFlagsFromString('--semi-space-growth-factor=1');
// No machine code for what ran a few times while starting: what runs often is still optimized, the rest is interpreted.
setFlagsFromString('--no-sparkplug');

/**
 * Gives back what only starting or a window needed: garbage, half-empty pages, the compiled form of what ran once. V8
 * does so by itself only when memory runs out. Takes some 50 ms; for moments after which nothing is expected.
 */
export function shrinkHeap(): void {
  // A context made while the flag is set has the function; ours stays without.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
