/** A small bar chart as SVG: pairs of bars with a label each, readable on a light and on a dark page. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What is compared with is drawn paler. */
  readonly isOurs: boolean;
}

const [WIDTH, ROW, LEFT, RIGHT] = [640, 26, 220, 90];

export function barPlotOf(title: string, unit: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const height = ROW * (bars.length + 1.5);
  const rows = bars.map(({ label, value, isOurs }, index) => {
    const y = ROW * (index + 1.2);
    const width = (value / most) * (WIDTH - LEFT - RIGHT);
    return [
      `<text x="${LEFT - 8}" y="${y + 15}" text-anchor="end">${escaped(label)}</text>`,
      `<rect x="${LEFT}" y="${y + 2}" width="${width.toFixed(1)}" height="${ROW - 8}" rx="2" fill="${isOurs ? '#2f7d5b' : '#9aa5ad'}"/>`,
      `<text x="${(LEFT + width + 6).toFixed(1)}" y="${y + 15}">${value.toFixed(value < 10 ? 2 : 0)} ${escaped(unit)}</text>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#6b757c" role="img">`,
    `<title>${escaped(title)}</title><text x="0" y="18" font-weight="bold">${escaped(title)}</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
