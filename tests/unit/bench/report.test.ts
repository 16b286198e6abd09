import { describe, expect, it } from 'vitest';
import { quantile } from '../../bench/measure/statistics.ts';
import { countsOf, histogramOf } from '../../bench/report/histogram.ts';
import { withNumbers } from '../../bench/report/readme-numbers.ts';
import type { Goal, Section } from '../../bench/section.ts';

const goalOf = (what: string, more: Partial<Goal> = {}): Goal => ({
  ...{ what, measured: '2', goal: 'at most 1', isMet: false, isCertain: false },
  ...more,
});
const sectionOf = (...goals: Goal[]): Section => ({ title: '', text: [], tables: [], plots: [], goals });

describe("the benchmark's report", () => {
  it("puts the headlines, and only those, in the place of the README's numbers", () => {
    const readme = 'before\n<!-- numbers: written by npm run bench -->\nold\n<!-- /numbers -->\nafter';
    const written = withNumbers(readme, [sectionOf(goalOf('shown', { isHeadline: true }), goalOf('not'))]);
    expect(written).toContain('| shown | 2 | at most 1 | **no** |');
    expect(written).not.toMatch(/old|\bnot\b/);
    expect(written).toMatch(/^before\n/);
    expect(written).toMatch(/\nafter$/);
    expect(withNumbers(written, [sectionOf(goalOf('shown', { isHeadline: true }))])).toBe(written);
  });

  it('does not write into a README without marks', () => {
    expect(() => withNumbers('nothing', [])).toThrow(/marks/);
  });

  it('counts values by the step they lie in, and draws the fullest as high as the plot', () => {
    expect([...countsOf(10, [25, 3, 9.9, 29])]).toEqual([
      [0, 2],
      [2, 2],
    ]);
    const svg = histogramOf('a < b', 's', 10, [1, 2, 3, 25]);
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('height="140.0"');
    expect(svg).toContain('fullest: 3 of 4 in 10');
  });

  it.each([
    [[1, 2, 3], 0.5, 2],
    [[1, 2], 0.5, 1.5],
    [[4, 1, 3, 2], 1, 4],
  ])('knows of %j the quantile %d', (values, q, expected) => {
    expect(quantile(values, q)).toBe(expected);
  });
});
