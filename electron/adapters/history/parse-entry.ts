/** One line of a history file, read tolerantly: what a later version added is left alone. */
import { z } from 'zod';
import { CODES } from '../../../shared/codes.ts';
import type { HistoryEntry, HistoryKind } from '../../../shared/history.ts';
import { MALL_STATES } from '../../../shared/mall-state.ts';
import { CHANNELS, STAGES } from '../../../shared/warnings.ts';

/** Of the lines this version writes. One of a later version is kept in the file and not shown. */
export const HISTORY_VERSION = 1;

const at = z.number();
const code = z.enum(CODES);
const by = z.object({ isHere: z.boolean(), host: z.string().nullable().catch(null) });
const warning = { at, stage: z.enum(STAGES), channel: z.enum(CHANNELS) };

const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('refreshed'), at, by }),
  z.object({ kind: z.literal('connected'), at, by, account: z.string().nullable().catch(null) }),
  z.object({ kind: z.literal('adopted'), at }),
  z.object({ kind: z.literal('disconnected'), at, by }),
  z.object({ kind: z.literal('failed'), at, code, by }),
  z.object({
    kind: z.literal('state'),
    at,
    state: z.enum(MALL_STATES),
    // A reason only explains: one that this version does not know must not hide the state.
    reason: code.nullable().catch(null),
  }),
  z.object({ kind: z.literal('gap'), at, until: z.number() }),
  z.object({ kind: z.literal('warned'), ...warning }),
  z.object({ kind: z.literal('warning_failed'), ...warning, code }),
]);

// Both directions: a kind missing on either side does not compile.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const complete: Same<z.infer<typeof entry>['kind'], HistoryKind> = true;
void complete;

/** A line as it stands in the file: dated, so that it can be kept or dropped whatever else it says. */
export interface Line {
  readonly text: string;
  readonly at: number;
  /** Null where this version cannot read it. */
  readonly entry: HistoryEntry | null;
}

const dated = z.object({ v: z.number(), at });

/** Null for what is no line at all: the torn end of a file whose writer was killed. */
export function parseLine(text: string): Line | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const line = dated.safeParse(value);
  if (!line.success) return null;
  const parsed = line.data.v === HISTORY_VERSION ? entry.safeParse(value) : null;
  return { text, at: line.data.at, entry: parsed?.success ? parsed.data : null };
}

export function formatLine(written: HistoryEntry): string {
  return JSON.stringify({ v: HISTORY_VERSION, ...written });
}
