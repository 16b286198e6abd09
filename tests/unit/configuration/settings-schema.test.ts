import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, parseSettings } from '../../../shared/settings-schema.ts';

describe('settings.json', () => {
  it('is all defaults when it says nothing', () => {
    expect(parseSettings('{}')).toEqual({ settings: DEFAULT_SETTINGS, damaged: false });
    expect(DEFAULT_SETTINGS).toMatchObject({ malls: [], store: { kind: 'local' }, locale: null });
  });

  it('keeps what a newer version wrote', () => {
    const text = JSON.stringify({ version: 2, fromTheFuture: 1, malls: [{ mall: 'a', alsoNew: [1] }] });
    const { settings, damaged } = parseSettings(text);
    expect(damaged).toBe(false);
    expect(settings).toMatchObject({ version: 2, fromTheFuture: 1, malls: [{ mall: 'a', alsoNew: [1] }] });
  });

  it.each(['', 'not json', '{"malls":[', '\0\0\0\0', 'null', '[]', '7'])(
    'that is %j is damaged, and where the tokens were kept is unknown',
    (text) => {
      expect(parseSettings(text)).toEqual({
        settings: { ...DEFAULT_SETTINGS, store: { kind: 'unknown' } },
        damaged: true,
      });
    },
  );

  it.each([
    ['store', { kind: 'redis' }, { store: { kind: 'unknown' }, locale: 'en' }],
    ['store', { kind: 'cloud' }, { store: { kind: 'unknown' }, locale: 'en' }],
    ['window', { width: -1 }, { window: null, store: { kind: 'local' }, locale: 'en' }],
    ['malls', [{ mall: 'good' }, { mall: 'NOT GOOD' }], { malls: [{ mall: 'good' }], locale: 'en' }],
    ['malls', 'none', { malls: [], locale: 'en' }],
    ['startAtLogin', 'yes', { startAtLogin: false, locale: 'en' }],
  ])('with a damaged section %s (%j) keeps the others', (name, value, expected) => {
    const { settings, damaged } = parseSettings(JSON.stringify({ locale: 'en', [name]: value }));
    expect(damaged).toBe(true);
    expect(settings).toMatchObject(expected);
  });
});
