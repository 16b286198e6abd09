/** The warnings' ledger over a connection to Redis. */
import { done, type Result } from '../../../shared/result.ts';
import type { AlertLedger, Clock } from '../../ports.ts';
import { parseEntry, readingOf } from '../alert-book.ts';
import { ANCHOR_FIELD } from './alert-scripts.ts';
import { parseAlerts } from './commands.ts';
import type { Connection } from './connection.ts';
import { keysOf } from './keys.ts';

export function createRedisAlerts(connection: Connection, clock: Pick<Clock, 'storeOffsetMs'>): AlertLedger {
  /** What every script of the ledger starts with. */
  const head = (mall: string) => [keysOf(mall).alerts, String(Math.round(clock.storeOffsetMs()))];

  return {
    async readAlerts(mall) {
      const reply = await connection.run((client) => client.mallReadAlerts(...head(mall)));
      if (!reply.ok) return reply;
      const { at, fields } = parseAlerts(reply.value);
      const entries = [...fields].flatMap(([field, text]) => {
        const entry = entryOf(text);
        return entry ? [[field, entry] as const] : [];
      });
      const book = { entries: new Map(entries), anchorAt: timeOf(fields.get(ANCHOR_FIELD)) };
      return done(readingOf(book, at));
    },

    async claimAlert(mall, field, owner, ttlMs) {
      const rest = [field, owner, String(Math.round(ttlMs))];
      const reply = await connection.run((client) => client.mallClaimAlert(...head(mall), ...rest));
      return reply.ok ? done(reply.value === 1) : reply;
    },

    settleAlert: async (mall, field, owner, outcome) =>
      nothing(await connection.run((client) => client.mallSettleAlert(...head(mall), field, owner, outcome))),

    async importAlerts(mall, entries) {
      const sent = [...entries].flatMap(([field, { status, owner, until }]) =>
        status === 'sent' ? [field, owner, String(Math.round(until))] : [],
      );
      if (sent.length === 0) return done(undefined);
      return nothing(await connection.run((client) => client.mallImportAlerts(...head(mall), ...sent)));
    },

    setAnchor: async (mall, deadlineAt) =>
      nothing(
        await connection.run((client) =>
          client.mallAnchorAlerts(...head(mall), String(Math.round(deadlineAt))),
        ),
      ),
  };
}

function entryOf(text: string) {
  try {
    return parseEntry(JSON.parse(text));
  } catch {
    return null;
  }
}

function timeOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function nothing(reply: Result<unknown>): Result<void> {
  return reply.ok ? done(undefined) : reply;
}
