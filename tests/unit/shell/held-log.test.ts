import { expect, it } from 'vitest';
import { createHeldLog } from '../../../electron/adapters/log/held-log.ts';
import type { Log } from '../../../electron/ports.ts';

it('hands on what was said before there was a log, in order and once, and what is said after', () => {
  const told: unknown[] = [];
  const to = (level: string) => (area: string, what: string) => void told.push([level, area, what]);
  const real: Log = { info: to('info'), warn: to('warn'), error: to('error') };
  const { log, handOver } = createHeldLog();
  log.warn('tray', 'no session bus');
  log.info('tray', 'a panel is there');
  expect(told).toEqual([]);
  handOver(real);
  log.error('tray', 'no picture');
  expect(told).toEqual([
    ['warn', 'tray', 'no session bus'],
    ['info', 'tray', 'a panel is there'],
    ['error', 'tray', 'no picture'],
  ]);
});
