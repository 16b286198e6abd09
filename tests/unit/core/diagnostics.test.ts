import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../electron/adapters/log/redactor.ts';
import { createDiagnosticsDesk, type DiagnosticsParts } from '../../../electron/core/diagnostics.ts';
import { done, failed } from '../../../shared/result.ts';
import { expired, mallOf, snapshotOf } from '../face/fixtures.ts';

/** In everything the text is made from, a secret that got there by a bug. */
const CANARY = 'canary-AbCd1234EfGh5678';

function openDesk(differing: Partial<DiagnosticsParts> = {}) {
  const board: string[] = [];
  const redactor = createRedactor();
  redactor.learn(CANARY);
  let refreshes = 0;
  const desk = createDiagnosticsDesk({
    system: async () => [
      ['Electron', '45.0.0'],
      ['keyring', `gnome_libsecret, available ${CANARY}`],
    ],
    logTail: async () => [`[keeper] refreshing ${CANARY}`, '[app] access_token=QwErTyUiOp1234567890Zx'],
    redact: redactor.redact,
    openLogFolder: async () => done(undefined),
    clipboard: { read: async () => '', write: async (text) => void board.push(text) },
    snapshot: () =>
      snapshotOf([mallOf({ lastRefreshAt: ++refreshes }), { ...expired, mall: 'dead', userId: CANARY }], {
        notices: [{ code: 'config.invalid_value', params: { name: `SMTP_URL ${CANARY}` }, tone: 'warn' }],
      }),
    storeFacts: () => ({
      kind: 'redis',
      place: `redis://user:${CANARY}@127.0.0.1:6379/0`,
      version: '7.0.15',
      details: { aof_enabled: '0', maxmemory_policy: 'allkeys-lru', role: CANARY },
      warnings: ['store.eviction_policy'],
    }),
    ...differing,
  });
  return { desk, board };
}

describe('the diagnostics', () => {
  it('name versions, keyring, clock, Redis, every shop and what is wrong, by code', async () => {
    const { text = '' } = await openDesk().desk.handle({ do: 'diagnostics' });
    for (const said of [
      'Electron  45.0.0',
      'gnome_libsecret, available',
      'verified, host ahead by 0 ms',
      'version           7.0.15',
      'maxmemory_policy  allkeys-lru',
      'store.eviction_policy',
      'config.invalid_value SMTP_URL',
      '== shop myshop',
      'HEALTHY',
      '== shop dead',
      'NEEDS_REAUTH, grant.expired',
      '[keeper] refreshing',
    ])
      expect(text).toContain(said);
  });

  it('hold no secret, wherever one got in', async () => {
    const { text = '' } = await openDesk().desk.handle({ do: 'diagnostics' });
    expect(text).not.toContain('canary');
    expect(text).not.toContain('QwErTyUiOp');
    expect(text).toContain('[hidden]');
  });

  it('are copied exactly as they were shown', async () => {
    const { desk, board } = openDesk();
    const { text } = await desk.handle({ do: 'diagnostics' });
    expect(await desk.handle({ do: 'copy-diagnostics' })).toEqual({ code: null, params: {} });
    expect(board).toEqual([text]);
  });

  it('say it where the log folder does not open', async () => {
    const { desk } = openDesk({ openLogFolder: async () => failed('logs.not_opened') });
    expect(await desk.handle({ do: 'open-logs' })).toMatchObject({ code: 'logs.not_opened' });
  });
});
