/** A small bar chart: one bar per line, with its label and its value. */
import { escaped, OTHER, OURS, svgOf } from './svg.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What is compared with is drawn paler. */
  readonly isOurs: boolean;
}

const [WIDTH, ROW, LEFT, RIGHT] = [640, 26, 220, 90];

export function barPlotOf(title: string, unit: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const rows = bars.map(({ label, value, isOurs }, index) => {
    const y = ROW * (index + 1.2);
    const width = (value / most) * (WIDTH - LEFT - RIGHT);
    return [
      `<text x="${LEFT - 8}" y="${y + 15}" text-anchor="end">${escaped(label)}</text>`,
      `<rect x="${LEFT}" y="${y + 2}" width="${width.toFixed(1)}" height="${ROW - 8}" rx="2" fill="${isOurs ? OURS : OTHER}"/>`,
      `<text x="${(LEFT + width + 6).toFixed(1)}" y="${y + 15}">${value.toFixed(value < 10 ? 2 : 0)} ${escaped(unit)}</text>`,
    ].join('');
  });
  return svgOf(title, WIDTH, ROW * (bars.length + 1.5), rows);
}
