import { useEffect, useState } from 'react';
import type { Received } from './bridge.ts';

/**
 * The server's time now: that of the snapshot plus what this process's steady clock has counted since. Renders once a
 * second, just after the second of `alignTo` turns, so that a countdown to it never shows a stale second; and not at
 * all while the window is hidden.
 */
export function useServerTime({ snapshot, receivedAtMs }: Received, alignTo: number | null): number {
  const [steadyMs, setSteadyMs] = useState(receivedAtMs);
  const { at } = snapshot;
  useEffect(() => {
    let timer: number | undefined;
    const tick = (): void => {
      const steady = performance.now();
      setSteadyMs(steady);
      timer = window.setTimeout(tick, untilNextSecond(at + (steady - receivedAtMs), alignTo));
    };
    const onVisibility = (): void => {
      window.clearTimeout(timer);
      if (!document.hidden) tick();
    };
    document.addEventListener('visibilitychange', onVisibility);
    onVisibility();
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [at, receivedAtMs, alignTo]);
  // A tick older than the snapshot counts as none: the clock may have been moved in between.
  return at + Math.max(0, steadyMs - receivedAtMs);
}

/** Milliseconds until the whole seconds left until `alignTo` change. */
export function untilNextSecond(now: number, alignTo: number | null): number {
  const intoSecond = ((((alignTo ?? 0) - now) % 1000) + 1000) % 1000;
  return Math.floor(intoSecond) + 1;
}
