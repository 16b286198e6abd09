import type { LoopbackHost } from '../../../shared/redirect-uri.ts';
import { type Answer, type Listener, type ListenerLimits, listen } from './loopback-listener.ts';

/** Listens on every loopback family of a host name, on one port; null when one of them is taken. */
export async function bindLoopback(
  host: LoopbackHost,
  port: number,
  limits: ListenerLimits,
  answer: Answer,
  onMalformed: (status: number) => void,
): Promise<readonly [Listener, ...Listener[]] | null> {
  const tryListen = async (address: '127.0.0.1' | '::1', at: number) => {
    try {
      return await listen(address, at, limits, answer, onMalformed);
    } catch (error) {
      return whyNotBound(error);
    }
  };
  const first = await tryListen(host === '[::1]' ? '::1' : '127.0.0.1', port);
  if (typeof first === 'string') return null;
  if (host !== 'localhost') return [first];
  // A browser may take either family for this name: one that another program holds would get our code.
  const second = await tryListen('::1', first.port);
  if (second === 'no-such-family') return [first];
  if (second !== 'taken') return [first, second];
  await first.close();
  return null;
}

function whyNotBound(error: unknown): 'taken' | 'no-such-family' {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
    case 'EACCES':
    case 'EPERM':
      return 'taken';
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return 'no-such-family';
    default:
      throw error;
  }
}
