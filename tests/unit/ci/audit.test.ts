import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unreasoned } from '../../../scripts/audit-verdict.ts';

const NOW = Date.UTC(2026, 10, 26, 3);
const ID = 'GHSA-aaaa-bbbb-cccc';
const HEAD = '| advisory | package | why it does not matter here | accepted until |\n|---|---|---|---|\n';

const reportOf = (severity: string) => ({
  vulnerabilities: {
    parser: {
      via: [
        { name: 'parser', title: 'reads too far', url: `https://example.com/advisories/${ID}`, severity },
      ],
    },
    // Only depends on the other.
    user: { via: ['parser'] },
  },
});

describe('an audit', () => {
  it.each([
    ['nothing found', { vulnerabilities: {} }, '', true],
    ['a grave one that nobody reasoned', reportOf('high'), HEAD, false],
    ['a critical one', reportOf('critical'), HEAD, false],
    ['one that is not grave', reportOf('moderate'), HEAD, true],
    [
      'reasoned until today',
      reportOf('high'),
      `${HEAD}| ${ID} | parser | only in tests | 2026-11-26 |`,
      true,
    ],
    [
      'reasoned until yesterday',
      reportOf('high'),
      `${HEAD}| ${ID} | parser | only in tests | 2026-11-25 |`,
      false,
    ],
    ['accepted without a reason', reportOf('high'), `${HEAD}| ${ID} | parser | | 2027-01-01 |`, false],
    ['accepted for ever', reportOf('high'), `${HEAD}| ${ID} | parser | only in tests | never |`, false],
    [
      'another one reasoned',
      reportOf('high'),
      `${HEAD}| GHSA-dddd-eeee-ffff | parser | x | 2027-01-01 |`,
      false,
    ],
  ])('with %s: %#', (_what, report, document, isClean) => {
    expect(unreasoned(report, document, NOW)).toHaveLength(isClean ? 0 : 1);
  });

  it('that the registry did not give is not clean', () => {
    expect(() => unreasoned({ error: { code: 'E405' } }, HEAD, NOW)).toThrow();
  });

  it('is asked for by every release, and reasons in docs/audit.md by the same columns', () => {
    const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, '../../..', file), 'utf8');
    expect(read('.github/workflows/release.yml')).toMatch(/run: npm run audit$/m);
    expect(read('docs/audit.md')).toContain(HEAD);
  });
});
