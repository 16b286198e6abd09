import { EventEmitter } from 'node:events';
import type { PowerMonitor } from 'electron';
import { describe, expect, test } from 'vitest';
import { registerPower } from '../../../electron/adapters/power.ts';
import { handTimers } from './fake-timers.ts';
import { quietLog } from './quiet-log.ts';

function registered() {
  const powerMonitor = new EventEmitter();
  const timers = handTimers();
  const told: string[] = [];
  const stop = registerPower({
    powerMonitor: powerMonitor as unknown as PowerMonitor,
    timers,
    log: quietLog(),
    onWake: () => told.push('wake'),
    onShutdown: () => told.push('shutdown'),
  });
  return { powerMonitor, timers, told, stop };
}

describe('the machine sleeps and wakes', () => {
  test('waking is told once, however many signs of it come', () => {
    const { powerMonitor, timers, told } = registered();
    for (const sign of ['suspend', 'suspend', 'resume', 'resume', 'unlock-screen']) powerMonitor.emit(sign);
    expect(told).toEqual([]);
    timers.pass(1_000);
    expect(told).toEqual(['wake']);
    powerMonitor.emit('unlock-screen');
    timers.pass(1_000);
    expect(told).toEqual(['wake', 'wake']);
  });

  test('a shutdown is asked to wait', () => {
    const { powerMonitor, told } = registered();
    let waits = false;
    powerMonitor.emit('shutdown', { preventDefault: () => (waits = true) });
    expect({ waits, told }).toEqual({ waits: true, told: ['shutdown'] });
  });

  test('after its stop nothing is told and nobody listens', () => {
    const { powerMonitor, timers, told, stop } = registered();
    powerMonitor.emit('resume');
    stop();
    timers.pass(60_000);
    expect({ told, listening: powerMonitor.eventNames() }).toEqual({ told: [], listening: [] });
  });
});
