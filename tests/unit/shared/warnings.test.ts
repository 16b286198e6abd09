import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MallState } from '../../../shared/mall-state.ts';
import { dDayOf } from '../../../shared/seoul-time.ts';
import {
  anchorOf,
  CHANNELS,
  type Channel,
  type LedgerEntry,
  nextWarningAt,
  type Situation,
  warningsDue,
} from '../../../shared/warnings.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** 2026-11-25 17:26 in Seoul. */
const DEADLINE = Date.UTC(2026, 10, 25, 8, 26);
const seoul = (day: number, hour: number, minute = 0) => Date.UTC(2026, 10, day, hour - 9, minute);

function byDays(now: number): { state: MallState; reason: Situation['reason'] } {
  const days = dDayOf(DEADLINE, now);
  if (now >= DEADLINE) return { state: 'NEEDS_REAUTH', reason: 'grant.expired' };
  if (days <= 1) return { state: 'CRITICAL', reason: 'grant.critical' };
  return days <= 3 ? { state: 'EXPIRING', reason: 'grant.expiring' } : { state: 'HEALTHY', reason: null };
}

function situation(now: number, more: Partial<Situation> = {}): Situation {
  return {
    ...byDays(now),
    since: Math.min(now, DEADLINE),
    deadlineAt: DEADLINE,
    isSettled: true,
    channels: CHANNELS,
    machine: 'pc',
    ...more,
  };
}

/** Sends whatever is due at the given moments, as one that is awake then. */
function live(
  moments: readonly number[],
  more: Partial<Situation> = {},
  ledger = new Map<string, LedgerEntry>(),
): string[] {
  return moments.flatMap((now) =>
    warningsDue(situation(now, more), ledger, now).map(({ stage, channel, field }) => {
      ledger.set(field, { status: 'sent', owner: 'me', until: now });
      return `${stage} ${channel}`;
    }),
  );
}

describe('the stages of a deadline', () => {
  it.each([
    ['the evening before D-3', [seoul(21, 20)], []],
    ['D-3 before nine', [seoul(22, 8, 59)], []],
    ['D-3 at nine', [seoul(22, 9)], ['D-3 os', 'D-3 slack', 'D-3 mail']],
    ['D-3 late at night', [seoul(22, 23, 59)], ['D-3 os', 'D-3 slack', 'D-3 mail']],
    ['D-2 before nine, D-3 missed', [seoul(23, 2)], ['D-3 os', 'D-3 slack', 'D-3 mail']],
    [
      'D-2, D-3 missed: the mail is the more urgent one',
      [seoul(23, 10)],
      ['D-3 os', 'D-3 slack', 'D-2 mail'],
    ],
    ['D-1, everything missed', [seoul(24, 9)], ['D-1 os', 'D-1 slack', 'D-1 mail']],
    ['the day itself, everything missed', [seoul(25, 12)], ['D-1 os', 'D-1 slack', 'D-1 mail']],
    ['after the end', [seoul(25, 17, 26)], ['NEEDS_REAUTH os', 'NEEDS_REAUTH slack', 'NEEDS_REAUTH mail']],
    [
      'awake all the time',
      Array.from({ length: 6 * 24 * 12 }, (_, i) => seoul(20, 0) + i * 5 * 60_000),
      [
        ...['D-3 os', 'D-3 slack', 'D-3 mail', 'D-2 mail', 'D-1 os', 'D-1 slack', 'D-1 mail'],
        ...['NEEDS_REAUTH os', 'NEEDS_REAUTH slack', 'NEEDS_REAUTH mail'],
      ],
    ],
  ])('%s', (_, moments, expected) => {
    expect(live(moments, moments.length > 1 ? { since: DEADLINE } : {})).toEqual(expected);
  });

  it('waits until a due refresh had its chance', () => {
    expect(live([seoul(24, 9)], { isSettled: false })).toEqual([]);
  });

  it.each(['never_connected', 'disconnected'] as const)('%s is nobody’s alarm', (reason) => {
    expect(live([seoul(24, 9)], { state: 'NEEDS_REAUTH', reason, deadlineAt: null })).toEqual([]);
  });
});

describe('trouble', () => {
  it.each([
    ['BLOCKED', 'client.secret_wrong'],
    ['UNCONFIRMED', 'answer.unconfirmed'],
  ] as const)('%s is shown at once and sent after half an hour, once an episode', (state, reason) => {
    const since = seoul(12, 3);
    const ledger = new Map<string, LedgerEntry>();
    const trouble = { state, reason, since };
    expect(live([since, since + 10 * 60_000], trouble, ledger)).toEqual([`${state} os`]);
    expect(live([since + 30 * 60_000, since + HOUR], trouble, ledger)).toEqual([
      `${state} slack`,
      `${state} mail`,
    ]);
    expect(live([since + 2 * DAY], { ...trouble, since: since + 2 * DAY }, ledger)).toEqual([`${state} os`]);
  });
});

describe('recovered', () => {
  it('is told to the channels that were warned, once, when D-day is above 3 again', () => {
    const ledger = new Map<string, LedgerEntry>();
    live([seoul(22, 9)], { channels: ['os', 'mail'] }, ledger);
    const well = { state: 'HEALTHY', reason: null, since: seoul(22, 12) } as const;
    expect(live([seoul(22, 12)], { ...well, deadlineAt: seoul(25, 12) }, ledger)).toEqual([]);
    const renewed = { ...well, deadlineAt: seoul(22, 12) + 14 * DAY };
    expect(live([seoul(22, 12), seoul(22, 13)], renewed, ledger)).toEqual(['recovered os', 'recovered mail']);
  });
});

describe('the ledger', () => {
  const claim = (until: number): LedgerEntry => ({ status: 'claimed', owner: 'another', until });

  it('leaves a claimed warning to its owner until the claim ends', () => {
    const now = seoul(22, 9);
    const [first] = warningsDue(situation(now, { channels: ['mail'] }), new Map(), now);
    const field = first?.field ?? '';
    expect(field).toBe('2026-11-25:D-3:mail');
    const ledger = new Map([[field, claim(now + 1000)]]);
    expect(warningsDue(situation(now, { channels: ['mail'] }), ledger, now)).toEqual([]);
    expect(warningsDue(situation(now, { channels: ['mail'] }), ledger, now + 1000)).toHaveLength(1);
  });

  it('shows the OS notice once on each machine', () => {
    const ledger = new Map<string, LedgerEntry>();
    const channels: readonly Channel[] = ['os'];
    expect(live([seoul(22, 9)], { channels, machine: 'a' }, ledger)).toEqual(['D-3 os']);
    expect(live([seoul(22, 9)], { channels, machine: 'b' }, ledger)).toEqual(['D-3 os']);
    expect(live([seoul(22, 10)], { channels, machine: 'a' }, ledger)).toEqual([]);
  });
});

describe('the deadline to count by', () => {
  it.each([
    [null, DEADLINE, DEADLINE],
    [DEADLINE, DEADLINE + 10 * 60_000, DEADLINE],
    [DEADLINE, DEADLINE - 10 * 60_000, DEADLINE],
    [DEADLINE, DEADLINE + 10 * 60_000 + 1, DEADLINE + 10 * 60_000 + 1],
  ])('after %s, %s counts as %s', (anchor, deadline, expected) => {
    expect(anchorOf(anchor, deadline)).toBe(expected);
  });
});

describe('somebody who wakes when told to', () => {
  it('misses no stage, repeats none and keeps their order, whenever they begin', () => {
    fc.assert(
      fc.property(fc.integer({ min: seoul(18, 0), max: seoul(25, 17) }), (start) => {
        const ledger = new Map<string, LedgerEntry>();
        const sent: string[] = [];
        let now = start;
        for (let wakes = 0; wakes < 50 && now <= DEADLINE; wakes += 1) {
          sent.push(...live([now], { since: now >= DEADLINE ? DEADLINE : start }, ledger));
          now = nextWarningAt(situation(now), ledger, now) ?? DEADLINE + 1;
        }
        const mails = sent.filter((each) => each.endsWith('mail')).map((each) => each.split(' ')[0]);
        const all = ['D-3', 'D-2', 'D-1', 'NEEDS_REAUTH'];
        expect(mails).toEqual(all.slice(all.length - mails.length));
        expect(mails).toContain('NEEDS_REAUTH');
        expect(new Set(sent).size).toBe(sent.length);
      }),
    );
  });
});
