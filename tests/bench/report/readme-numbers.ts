/** The numbers that the README shows, between two marks: nobody types them. */
import type { Section } from '../section.ts';
import { markdownOf } from './markdown.ts';

const FROM = '<!-- numbers: written by npm run bench -->';
const TO = '<!-- /numbers -->';

/** The README with the headlines of this run in the place of those before. */
export function withNumbers(readme: string, sections: readonly Section[]): string {
  const [start, end] = [readme.indexOf(FROM), readme.indexOf(TO)];
  if (start < 0 || end < start) throw new Error('the README has lost the marks of its numbers');
  const headlines = sections.flatMap(({ goals }) => goals).filter(({ isHeadline }) => isHeadline);
  const table = markdownOf(
    ['', 'measured', 'goal', 'met'],
    headlines.map(({ what, measured, goal, isMet }) => [what, measured, goal, isMet ? 'yes' : '**no**']),
  );
  return `${readme.slice(0, start + FROM.length)}\n\n${table}\n\n${readme.slice(end)}`;
}
