import { writeFile } from 'node:fs/promises';

export interface Transcript {
  /** Writes down, and prints, one observed value with the source it was read from. */
  observe(what: string, value: string | number, source: string): void;
  save(file: string): Promise<void>;
}

/** One line per observed value: `what: value  [source]`. */
export function createTranscript(print: (line: string) => void): Transcript {
  const lines: string[] = [];
  return {
    observe(what, value, source) {
      const line = `${what}: ${String(value).replace(/\s*\n\s*/g, ' / ')}  [${source}]`;
      lines.push(line);
      print(line);
    },
    save: (file) => writeFile(file, `${lines.join('\n')}\n`),
  };
}
