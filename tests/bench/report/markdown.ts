/** What the run found out, as the terminal and docs/benchmarks.md show it. */
import os from 'node:os';
import type { Goal, Section, Table } from '../section.ts';

export interface Conditions {
  readonly date: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** The machine's class, never its name. */
export function conditionsOf(versions: Readonly<Record<string, string>>, at: Date): Conditions {
  return {
    date: at.toISOString().slice(0, 10),
    cores: os.cpus().length,
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    versions,
  };
}

export function documentOf(sections: readonly Section[], conditions: Conditions): string {
  const versions = Object.entries(conditions.versions).map(([name, version]) => `${name} ${version}`);
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`; do not edit it by hand. Everything in one table was measured side by side in one run: ratios',
    'mean something on other machines, milliseconds only here.',
    '',
    `${conditions.date}, ${conditions.cores} cores, ${conditions.memoryGb} GB, ${process.platform} ${process.arch}, ${versions.join(', ')}.`,
    '',
    '## Goals',
    '',
    goalTableOf(sections),
    ...sections.flatMap((section) => ['', ...linesOf(section)]),
    '',
  ].join('\n');
}

export function goalTableOf(sections: readonly Section[]): string {
  const goals = sections.flatMap((section) => section.goals);
  return markdownOf(
    ['', 'measured', 'goal', 'met'],
    goals.map(({ what, measured, goal, isMet, why }) => [what, measured, goal, verdictOf(isMet, why)]),
  );
}

function verdictOf(isMet: Goal['isMet'], why: Goal['why']): string {
  if (isMet) return 'yes';
  return why === undefined ? '**no**' : `**no**: ${why}`;
}

function linesOf({ title, text, tables, plots }: Section): readonly string[] {
  return [
    `## ${title}`,
    ...text.flatMap((paragraph) => ['', paragraph]),
    ...tables.flatMap((table) => ['', `### ${table.title}`, '', markdownOf(table.head, table.rows)]),
    ...plots.flatMap(({ file, alt }) => ['', `![${alt}](benchmarks/${file})`]),
  ];
}

export function markdownOf(head: Table['head'], rows: Table['rows']): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
