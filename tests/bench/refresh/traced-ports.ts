/** The ports that a token set passes on its way, with every call written down. */
import type { TokenPorts } from '../../../electron/compose-core.ts';

export interface Call {
  readonly port: 'store' | 'journal' | 'endpoint';
  readonly method: string;
  readonly startedMs: number;
  readonly endedMs: number;
  /** It announced a new generation: the set is published. */
  readonly publishes: boolean;
}

export function traced({ store, journal, endpoint }: TokenPorts, calls: Call[]): TokenPorts {
  return {
    store: wrapped('store', store, calls),
    journal: wrapped('journal', journal, calls),
    endpoint: wrapped('endpoint', endpoint, calls),
  };
}

function wrapped<T extends object>(port: Call['port'], target: T, calls: Call[]): T {
  return new Proxy(target, {
    get(of, name, receiver) {
      const member: unknown = Reflect.get(of, name, receiver);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const startedMs = performance.now();
        const result: unknown = member.apply(of, args);
        if (!(result instanceof Promise)) return result;
        const change = args[1];
        const publishes = typeof change === 'object' && change !== null && 'announce' in change;
        return result.finally(() => {
          calls.push({ port, method: String(name), startedMs, endedMs: performance.now(), publishes });
        });
      };
    },
  });
}
