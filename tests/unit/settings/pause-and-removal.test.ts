import { describe, expect, it } from 'vitest';
import { whyNotRemove } from '../../../electron/core/removal.ts';
import { changeOfPause, changeOfRemoval } from '../../../electron/core/settings-change.ts';
import type { Sight } from '../../../electron/core/sight.ts';
import type { Attempt } from '../../../electron/ports.ts';
import type { Layer } from '../../../shared/configuration.ts';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from '../../../shared/settings-schema.ts';
import { aSight } from '../../support/heart-examples.ts';

const saved = (...malls: readonly object[]): Settings =>
  parseSettings(JSON.stringify({ ...DEFAULT_SETTINGS, malls })).settings;
const namedBy = (layer: Layer) => ({ sources: {}, mallSources: { myshop: { CAFE24_MALL_ID: layer } } });
const OWN = { mall: 'myshop', clientId: 'client', clientSecret: { keyring: 'client-secret/myshop' } };

describe('a shop that is paused', () => {
  it('keeps its place and everything else, and comes back as it was', () => {
    const settings = saved({ mall: 'first' }, OWN, { mall: 'last' });
    const paused = changeOfPause(settings, 'myshop', true, namedBy('settings'));
    expect(paused).toMatchObject({ refused: null, secrets: [] });
    expect(paused.sections.malls).toEqual([
      settings.malls[0],
      { ...settings.malls[1], paused: true },
      settings.malls[2],
    ]);
    const resumed = changeOfPause({ ...settings, ...paused.sections }, 'myshop', false, namedBy('settings'));
    expect(resumed.sections.malls).toEqual(settings.malls);
  });

  it('gets a row for it where the environment names it, and leaves none behind', () => {
    const paused = changeOfPause(DEFAULT_SETTINGS, 'myshop', true, namedBy('environment'));
    expect(paused.sections.malls).toMatchObject([{ mall: 'myshop', clientId: null, paused: true }]);
    const settings = { ...DEFAULT_SETTINGS, ...paused.sections };
    expect(changeOfPause(settings, 'myshop', false, namedBy('environment')).sections.malls).toEqual([]);
  });

  it('keeps a row that fills a gap of the environment', () => {
    const settings = saved({ mall: 'myshop', redirectUri: 'https://www.example.com/', paused: true });
    expect(changeOfPause(settings, 'myshop', false, namedBy('environment')).sections.malls).toMatchObject([
      { mall: 'myshop', redirectUri: 'https://www.example.com/', paused: false },
    ]);
  });
});

describe('a shop that is removed', () => {
  it('goes from the settings with every secret of it, and the others stay', () => {
    const settings = saved(OWN, { mall: 'second' });
    expect(changeOfRemoval(settings, 'myshop', namedBy('settings'))).toEqual({
      refused: null,
      sections: { malls: [settings.malls[1]] },
      secrets: [
        ['client-secret/myshop', ''],
        ['known-client-secrets/myshop', ''],
      ],
    });
  });

  it.each(['environment', 'data-folder-env', 'working-folder-env'] as const)(
    'stays where %s names it: it would be back at the next start',
    (layer) => {
      expect(changeOfRemoval(saved(OWN), 'myshop', namedBy(layer))).toEqual({
        refused: { code: 'remove.elsewhere', params: {} },
        sections: {},
        secrets: [],
      });
    },
  );
});

describe('a shop may go', () => {
  const seen = (...attempts: readonly Partial<Attempt>[]) => {
    const journal = { attempts: attempts.map((attempt) => ({ attempt, verdict: null, set: null })) };
    return { sight: { ...aSight(), journal } as unknown as Sight, isRefreshing: false, waitsFor: null };
  };

  it.each([
    ['with an empty journal', [], null],
    ['when all it has is known to the store', [{ outcome: 'answered', settledAt: 1 }], null],
    ['when a set was found in the store', [{ outcome: 'adopted', kind: 'adopted', settledAt: null }], null],
    ['when nothing was sent', [{ outcome: 'not_sent', settledAt: null }], null],
    ['not while an answer is unpublished', [{ outcome: 'answered', settledAt: null }], 'remove.not_shared'],
    ['not while a request is out', [{ outcome: 'open', settledAt: null }], 'remove.not_shared'],
    ['not while nobody was told of a loss', [{ outcome: 'lost', settledAt: null }], 'remove.not_shared'],
    [
      'not while the store knows of no disconnect',
      [{ outcome: 'adopted', kind: 'disconnect', settledAt: null }],
      'remove.not_shared',
    ],
  ] as const)('%s', (_what, attempts, code) => {
    expect(whyNotRemove(seen(...attempts))).toBe(code);
  });

  it('not in the middle of something, or before anything was seen', () => {
    expect(whyNotRemove({ sight: null, isRefreshing: false, waitsFor: null })).toBe('remove.busy');
    expect(whyNotRemove({ ...seen(), isRefreshing: true })).toBe('remove.busy');
  });
});
