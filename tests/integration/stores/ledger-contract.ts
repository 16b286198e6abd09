/** What every ledger of warnings promises, whatever it is made of (docs/guarantees.md, rows 37, 38, 50). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger } from '../../../shared/warnings.ts';
import { startProcess } from '../../support/other-process.ts';
import { unwrap } from './contract/unwrap.ts';
import { type LedgerPlace, type OpenLedger, openLedger } from './open-ledger.ts';

export interface LedgerHarness {
  readonly place: LedgerPlace;
  /** Puts values where the mall's entries belong, as a broken program might. */
  plant(mall: string, values: Readonly<Record<string, unknown>>): Promise<void>;
  /** The mall's entries as they lie there, by field. */
  stored(mall: string): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const CLAIM_MS = 2 * MINUTE_MS;
const FIELD = '2026-11-25:D-3:mail';

export function describeLedger(name: string, start: () => Promise<LedgerHarness>): void {
  describe(name, () => {
    let harness: LedgerHarness;
    let mine: OpenLedger;
    let yours: OpenLedger;
    let malls = 0;
    let mall = '';
    let offsetMs = 0;

    beforeAll(async () => {
      harness = await start();
      mine = await openLedger(harness.place, () => offsetMs);
      yours = await openLedger(harness.place, () => offsetMs);
    });
    afterAll(async () => {
      await mine?.close();
      await yours?.close();
      await harness?.stop();
    });
    beforeEach(() => {
      offsetMs = 0;
      malls += 1;
      mall = `shop-${malls}`;
    });

    const claim = async (owner: string, field = FIELD, by = mine) =>
      unwrap(await by.claimAlert(mall, field, owner, CLAIM_MS));
    const settle = async (owner: string, outcome: 'sent' | 'given_up', by = mine) =>
      unwrap(await by.settleAlert(mall, FIELD, owner, outcome));
    const read = async (from = mine) => unwrap(await from.readAlerts(mall));
    const sentBy = (owner: string, until: number): Ledger =>
      new Map([[FIELD, { status: 'sent', owner, until }]]);

    test('holds nothing at first, and tells its time', async () => {
      expect(await read()).toEqual({ entries: new Map(), anchorAt: null, at: expect.any(Number) });
      expect(Math.abs((await read()).at - Date.now())).toBeLessThan(MINUTE_MS);
      offsetMs = 30 * DAY_MS;
      expect(Math.abs((await read()).at - Date.now() - offsetMs)).toBeLessThan(MINUTE_MS);
    });

    test('gives a claim to one, shows it to all, by the words outsiders rely on', async () => {
      expect(await claim('me')).toBe(true);
      expect(await claim('you', FIELD, yours)).toBe(false);
      expect(await claim('me')).toBe(false);
      const { entries, at } = await read(yours);
      expect([...entries]).toEqual([[FIELD, { status: 'claimed', owner: 'me', until: expect.any(Number) }]]);
      const { until } = entries.get(FIELD)!;
      expect(until).toBeGreaterThan(at);
      expect(until).toBeLessThanOrEqual(at + CLAIM_MS);
      expect(await harness.stored(mall)).toEqual({ [FIELD]: { status: 'claimed', owner: 'me', until } });
    });

    test('keeps malls and fields apart', async () => {
      expect(await claim('me')).toBe(true);
      expect(await claim('me', '2026-11-25:D-3:slack')).toBe(true);
      expect(unwrap(await mine.claimAlert(`${mall}-b`, FIELD, 'you', CLAIM_MS))).toBe(true);
      expect((await read()).entries.size).toBe(2);
    });

    test('of twenty who claim at once, one is told true', async () => {
      const racing = Array.from({ length: 20 }, (_, number) =>
        claim(`racer-${number}`, FIELD, number % 2 === 0 ? mine : yours),
      );
      expect((await Promise.all(racing)).filter(Boolean)).toHaveLength(1);
    });

    test('of twenty who claim at once when a claim has ended, one is told true', async () => {
      await claim('dead');
      offsetMs = CLAIM_MS + 1;
      const racing = Array.from({ length: 20 }, (_, number) =>
        claim(`racer-${number}`, FIELD, number % 2 === 0 ? mine : yours),
      );
      expect((await Promise.all(racing)).filter(Boolean)).toHaveLength(1);
    });

    test('of several processes that claim each of many warnings, each warning is one process’s', {
      timeout: 60_000,
    }, async () => {
      const fields = Array.from({ length: 25 }, (_, number) => `2026-11-25:D-${number}:mail`);
      const task = JSON.stringify({ place: harness.place, mall, fields });
      const racers = await Promise.all(
        Array.from({ length: 3 }, () => startProcess('tests/integration/stores/ledger-racer.ts', task)),
      );
      for (const racer of racers) expect(await racer.nextLine()).toBe('ready');
      for (const racer of racers) racer.go();
      const reports = await Promise.all(racers.map(async (racer) => JSON.parse(await racer.nextLine())));
      expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
      expect(reports.flatMap(({ won }) => won as string[]).sort()).toEqual([...fields].sort());
    });

    test('a claim ends by itself, by the ledger’s time, for whoever is next', async () => {
      await claim('killed');
      offsetMs = CLAIM_MS - MINUTE_MS;
      expect(await claim('you', FIELD, yours)).toBe(false);
      offsetMs = CLAIM_MS + 1;
      expect(await claim('you', FIELD, yours)).toBe(true);
    });

    test('a claim that seems to stand for hours is of a clock that was wrong, and silences nobody', async () => {
      offsetMs = 5 * DAY_MS;
      await claim('me');
      offsetMs = 0;
      expect((await read()).entries.size).toBe(0);
      expect(await claim('you', FIELD, yours)).toBe(true);
    });

    test('what was sent is never claimed again, however late', async () => {
      await claim('me');
      await settle('me', 'sent');
      const { entries, at } = await read(yours);
      expect(entries.get(FIELD)).toMatchObject({ status: 'sent', owner: 'me' });
      expect(Math.abs(entries.get(FIELD)!.until - at)).toBeLessThan(MINUTE_MS);
      offsetMs = 59 * DAY_MS;
      expect(await claim('you', FIELD, yours)).toBe(false);
      expect(await claim('me')).toBe(false);
    });

    test('is forgotten after sixty days, but for the anchor', async () => {
      await claim('me');
      await settle('me', 'sent');
      unwrap(await mine.setAnchor(mall, 1_800_000_000_000));
      offsetMs = 60 * DAY_MS + MINUTE_MS;
      expect(await claim('me', 'another')).toBe(true);
      const { entries, anchorAt } = await read();
      expect([[...entries.keys()], anchorAt]).toEqual([['another'], 1_800_000_000_000]);
    });

    test('a claim that is given up is open at once', async () => {
      await claim('me');
      await settle('me', 'given_up');
      expect((await read()).entries.size).toBe(0);
      expect(await claim('you', FIELD, yours)).toBe(true);
    });

    test.each(['sent', 'given_up'] as const)('nobody else settles a claim as %s', async (outcome) => {
      await claim('me');
      await settle('you', outcome, yours);
      expect((await read()).entries.get(FIELD)).toMatchObject({ status: 'claimed', owner: 'me' });
    });

    test('what was sent is not given up afterwards', async () => {
      await claim('me');
      await settle('me', 'sent');
      await settle('me', 'given_up');
      expect((await read()).entries.get(FIELD)).toMatchObject({ status: 'sent' });
    });

    test('what left is noted also where the claim is gone: the place was emptied meanwhile', async () => {
      await settle('me', 'sent');
      expect(await claim('you', FIELD, yours)).toBe(false);
      expect((await read()).entries.get(FIELD)).toMatchObject({ status: 'sent', owner: 'me' });
    });

    describe('entries of another ledger', () => {
      test('what was sent comes over, also upon a claim; what was only claimed does not', async () => {
        const sentAt = Date.now() - MINUTE_MS;
        await claim('you');
        unwrap(
          await mine.importAlerts(
            mall,
            new Map([
              ...sentBy('me', sentAt),
              ['2026-11-25:D-1:os:pc', { status: 'claimed', owner: 'me', until: sentAt }],
            ]),
          ),
        );
        expect([...(await read(yours)).entries]).toEqual([...sentBy('me', sentAt)]);
        expect(await claim('you', FIELD, yours)).toBe(false);
      });

      test('what is sent here already stays as it is', async () => {
        await claim('you');
        await settle('you', 'sent');
        const before = await read();
        unwrap(await mine.importAlerts(mall, sentBy('me', 1)));
        expect((await read()).entries).toEqual(before.entries);
      });

      test('none was sent later than now, whatever the other clock said', async () => {
        unwrap(await mine.importAlerts(mall, sentBy('me', Date.now() + DAY_MS)));
        const { entries, at } = await read();
        expect(entries.get(FIELD)?.until).toBeLessThanOrEqual(at);
      });

      test('an empty one, and one of the distant past, change nothing', async () => {
        unwrap(await mine.importAlerts(mall, new Map()));
        unwrap(await mine.importAlerts(mall, sentBy('me', Date.now() - 61 * DAY_MS)));
        expect((await read()).entries.size).toBe(0);
      });
    });

    test('the anchor is the deadline last set, beside the entries', async () => {
      await claim('me');
      unwrap(await mine.setAnchor(mall, 1_800_000_000_000));
      unwrap(await yours.setAnchor(mall, 1_800_000_000_001));
      expect((await read()).anchorAt).toBe(1_800_000_000_001);
      expect((await read()).entries.size).toBe(1);
    });

    describe('what is no entry', () => {
      const good = { status: 'sent', owner: 'me', until: 1_700_000_000_000 };
      test.each([
        ['a text', 'sent'],
        ['a number', 7],
        ['nothing', null],
        ['a list', ['sent', 'me', 1]],
        ['an unknown status', { ...good, status: 'seen' }],
        ['no owner', { ...good, owner: undefined }],
        ['a time that is none', { ...good, until: 'soon' }],
        ['a time before all times', { ...good, until: -1 }],
        ['a time after all times', { ...good, until: 1e300 }],
      ])('is ignored, and in nobody’s way: %s', async (_, junk) => {
        await harness.plant(mall, { [FIELD]: junk, odd: junk, kept: { ...good, until: Date.now() } });
        expect([...(await read()).entries.keys()]).toEqual(['kept']);
        expect(await claim('me')).toBe(true);
        await settle('me', 'sent');
        expect([...(await read()).entries.keys()].sort()).toEqual([FIELD, 'kept'].sort());
      });
    });
  });
}
