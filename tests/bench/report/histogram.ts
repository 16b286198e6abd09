/** How many values lie in each step of a scale. */
import { escaped, OURS, svgOf } from './svg.ts';

const [WIDTH, TOP, PLOT, BOTTOM] = [640, 34, 140, 40];

export function histogramOf(title: string, unit: string, step: number, values: readonly number[]): string {
  const counts = countsOf(step, values);
  const [first = 0, last = 0] = [counts.keys().next().value, [...counts.keys()].at(-1)];
  const width = WIDTH / (last - first + 1);
  const most = Math.max(1, ...counts.values());
  const base = TOP + PLOT;
  const bars = [...counts].map(([bin, count]) => {
    const height = (count / most) * PLOT;
    return `<rect x="${((bin - first) * width).toFixed(1)}" y="${(base - height).toFixed(1)}" width="${Math.max(1, width - 1).toFixed(1)}" height="${height.toFixed(1)}" fill="${OURS}"/>`;
  });
  return svgOf(title, WIDTH, base + BOTTOM, [
    ...bars,
    `<text x="0" y="${base + 18}">${first * step}</text>`,
    `<text x="${WIDTH}" y="${base + 18}" text-anchor="end">${(last + 1) * step} ${escaped(unit)}</text>`,
    `<text x="${WIDTH / 2}" y="${base + 18}" text-anchor="middle">fullest: ${most} of ${values.length} in ${step} s</text>`,
  ]);
}

/** By the number of the step, in order. */
export function countsOf(step: number, values: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) {
    const bin = Math.floor(value / step);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => a - b));
}
