import type { Log } from '../../ports.ts';

type Line = readonly [level: keyof Log, ...what: Parameters<Log['info']>];

/** The log of what happens before there is a redacting one: its lines wait for that. */
export function createHeldLog(): { readonly log: Log; handOver(to: Log): void } {
  const held: Line[] = [];
  let real: Log | null = null;
  const take =
    (level: keyof Log): Log['info'] =>
    (...what) => {
      if (real) real[level](...what);
      else held.push([level, ...what]);
    };
  return {
    log: { info: take('info'), warn: take('warn'), error: take('error') },
    handOver(to) {
      real = to;
      for (const [level, ...what] of held.splice(0)) to[level](...what);
    },
  };
}
