import type { Log } from '../../electron/ports.ts';

export interface RecordedLog extends Log {
  readonly lines: readonly string[];
}

/** A log that keeps its lines, as `level [area] what id`. */
export function recordLog(): RecordedLog {
  const lines: string[] = [];
  const write = (level: string) => (area: string, what: string, id?: string) => {
    lines.push(`${level} [${area}] ${what}${id === undefined ? '' : ` ${id}`}`);
  };
  return { lines, info: write('info'), warn: write('warn'), error: write('error') };
}
