/** What the plots share: a frame that is readable on a light and on a dark page. */
export const OURS = '#2f7d5b';
export const OTHER = '#9aa5ad';

export function svgOf(title: string, width: number, height: number, marks: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="#6b757c" role="img">`,
    `<title>${escaped(title)}</title><text x="0" y="18" font-weight="bold">${escaped(title)}</text>`,
    ...marks,
    '</svg>\n',
  ].join('\n');
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
