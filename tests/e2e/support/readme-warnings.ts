/** The README's table of warnings, as a reader takes it: what is to leave, when and where, for a given deadline. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CHANNELS, type Channel, type Left } from './sent-warnings.ts';
import { DAY, MINUTE } from './world.ts';

const README = path.resolve(import.meta.dirname, '../../../README.md');
const SEOUL_OFFSET = 9 * 60 * MINUTE;

export interface WarningTable {
  /** What a deadline brings where nobody consents anew, in order. */
  beforeAndAt(deadlineAt: number): readonly Left[];
  /** What a trouble of this stage brings. */
  inTrouble(stage: string, since: number): readonly Left[];
}

interface Row {
  readonly stages: readonly string[];
  readonly when: string;
  readonly channels: readonly Channel[];
}

export async function readWarningTable(): Promise<WarningTable> {
  const section = (await readFile(README, 'utf8')).split('### Warnings')[1]?.split('\n## ')[0] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line): Row => {
      const [stages = '', when = '', to = ''] = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      return {
        stages: stages.split(', '),
        when,
        channels: CHANNELS.filter((each) => to.split(', ').includes(each)),
      };
    });
  const collect = (timeOf: (row: Row) => number | null): readonly Left[] =>
    rows.flatMap((row) => {
      const at = timeOf(row);
      return at === null ? [] : row.channels.map((channel) => ({ at, stage: row.stages[0] ?? '', channel }));
    });
  return {
    beforeAndAt: (deadlineAt) =>
      collect(({ when }) => {
        const [, days, hours, minutes] = /^(\d) days? before, (\d\d):(\d\d)$/.exec(when) ?? [];
        if (days === undefined) return when.startsWith('at the end') ? deadlineAt : null;
        const midnight = Math.floor((deadlineAt + SEOUL_OFFSET) / DAY) * DAY - SEOUL_OFFSET;
        return midnight - Number(days) * DAY + (Number(hours) * 60 + Number(minutes)) * MINUTE;
      }),
    inTrouble: (stage, since) =>
      collect(({ stages, when }) => {
        if (!stages.includes(stage)) return null;
        const [, minutes] = /(\d+) minutes later$/.exec(when) ?? [];
        return when === 'at once' ? since : minutes === undefined ? null : since + Number(minutes) * MINUTE;
      }).map((left) => ({ ...left, stage })),
  };
}
