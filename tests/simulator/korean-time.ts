/** Korea has had no daylight-saving time since 1988, so its offset is a constant. */
const KOREA_OFFSET_MS = 9 * 60 * 60 * 1000;

/**
 * How the simulator writes points in time.
 *
 * - `naive`: Korean local time with milliseconds and no offset, the form every measured response has
 * - `offset`: the same with `+09:00`
 * - `z`: UTC with a trailing `Z`, which some official text claims
 */
export type TimeForm = 'naive' | 'offset' | 'z';

/** Writes `at` (epoch ms) the way Cafe24's token endpoint would, without asking the host's own zone. */
export function formatKoreanTime(at: number, form: TimeForm = 'naive'): string {
  if (form === 'z') return new Date(at).toISOString();
  const local = new Date(at + KOREA_OFFSET_MS).toISOString().slice(0, -1);
  return form === 'offset' ? `${local}+09:00` : local;
}
