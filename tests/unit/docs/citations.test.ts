import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const FOLDERS = ['electron', 'shared', 'renderer', 'relay', 'scripts', 'tests', '.github'];
const SOURCE = /\.(?:tsx?|[mc]?js|html|css|ya?ml)$/;

interface Citation {
  readonly file: string;
  readonly document: string;
  /** `rows 37, 38` are [37, 38], `4 to 6` are [4, 6]. */
  readonly numbers: readonly number[];
  /** A heading in quotation marks. */
  readonly heading: string | null;
}

/** The words of each comment, on one line however it was wrapped. */
function commentsIn(source: string): readonly string[] {
  const blocks = [...source.matchAll(/\/\*\*?(.*?)\*\//gs)].map(([, text = '']) =>
    text.replace(/\n\s*\*/g, ' '),
  );
  const lines = [...source.matchAll(/(?:^[ \t]*(?:\/\/|#).*\n?)+|[ \t]\/\/ .*/gm)].map(([text]) =>
    text.replace(/\n?[ \t]*(?:\/\/|#)/g, ' '),
  );
  return [...blocks, ...lines].map((text) => text.replace(/\s+/g, ' '));
}

function citationsIn(file: string, text: string): readonly Citation[] {
  const cited = text.matchAll(
    /((?:[\w-]+\/)*[\w-]+\.md)\b(?:, (?:rows? )?(\d+(?:(?:, | and | to )\d+)*)|, "([^"]+)")?/g,
  );
  return [...cited].map(([, document = '', numbers = '', heading = null]) => ({
    file,
    document,
    numbers: [...numbers.matchAll(/\d+/g)].map(Number),
    heading,
  }));
}

/** But for what the benchmark installs to compare with. */
function filesIn(folder: string): readonly string[] {
  const names = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => !name.split(path.sep).includes('node_modules'))
    .map((name) => path.join(folder, name));
}

const sources = [...readdirSync(ROOT), ...FOLDERS.flatMap(filesIn)]
  .filter((name) => SOURCE.test(name))
  .map((file) => ({ file, comments: commentsIn(readFileSync(path.join(ROOT, file), 'utf8')) }));

const citations = sources.flatMap(({ file, comments }) =>
  comments.flatMap((text) => citationsIn(file, text)),
);

/** A document is named from the root, or from beside the file that cites it. */
function pathOf({ document, file }: Citation): string | null {
  const places = [path.join(ROOT, document), path.join(ROOT, path.dirname(file), document)];
  return places.find((place) => existsSync(place)) ?? null;
}

/** What a document numbers: `3. **...`, `### 3. ...`, and the rows of a table. */
function numbersOf(document: string): readonly number[] {
  return [...document.matchAll(/^(?:#+ )?(\d+)\. |^\| (\d+) \|/gm)].map(([, point, row]) =>
    Number(point ?? row),
  );
}

function headingsOf(document: string): readonly string[] {
  return [...document.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
}

describe('what the comments cite', () => {
  it('is found in them', () => {
    expect(citations.length).toBeGreaterThan(80);
    expect(citationsIn('', 'See (docs/a.md, rows 3, 4 and 17); README.md, "Try it" and b.md.')).toMatchObject(
      [
        { document: 'docs/a.md', numbers: [3, 4, 17] },
        { document: 'README.md', heading: 'Try it' },
        { document: 'b.md', numbers: [], heading: null },
      ],
    );
  });

  it('is a document of this repository', () => {
    expect(citations.filter((citation) => pathOf(citation) === null)).toEqual([]);
  });

  it('has the number or the heading that is named', () => {
    const missing = citations.filter((citation) => {
      const place = pathOf(citation);
      const text = place ? readFileSync(place, 'utf8') : '';
      const { numbers, heading } = citation;
      return (
        numbers.some((number) => !numbersOf(text).includes(number)) ||
        (heading !== null && !headingsOf(text).includes(heading))
      );
    });
    expect(missing).toEqual([]);
  });

  it('is named: a section is that of an RFC, a row that of docs/guarantees.md', () => {
    const nameless = sources.flatMap(({ file, comments }) =>
      comments
        .map((text) =>
          text
            .replace(/RFC \d+, sections? [\d.]+(?:(?:, | and )[\d.]+)*/g, '')
            .replace(/guarantees\.md, rows? \d+(?:(?:, | and | to )\d+)*/g, ''),
        )
        .filter((text) => /\bsections? \d|\(rows? \d/i.test(text))
        .map((text) => `${file}: ${text.trim()}`),
    );
    expect(nameless).toEqual([]);
  });
});
