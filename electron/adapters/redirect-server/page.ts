/** The one page that the person's browser shows at the end, by code. It has no script and loads nothing. */
import { createHash } from 'node:crypto';
import type { Code } from '../../../shared/codes.ts';
import type { Locale } from '../../../shared/locale.ts';
import { codeText } from '../../../shared/messages/message.ts';
import { shellText } from '../../../shared/messages/shell.ts';
import type { Params } from '../../../shared/snapshot.ts';
import { escapeHtml } from '../escape-html.ts';

/** The state is told by shape and word; colour only repeats it. */
type Shape = 'done' | 'over' | 'attention';

const ICONS: Readonly<Record<Shape, string>> = {
  done: '<circle cx="24" cy="24" r="20"/><path d="M15 24.5l6.5 6.5L34 18"/>',
  over: '<circle cx="24" cy="24" r="20"/><path d="M24 13v11.5l7.5 4.5"/>',
  attention: '<path d="M24 6 44 41H4z"/><path d="M24 20v10M24 35.2v.3"/>',
};

const STYLE = `
:root{color-scheme:light dark;--bg:#f6f6f4;--card:#fff;--line:#e6e6e2;--ink:#1c1d1f;--quiet:#5d6066;--done:#1a7f4b;--over:#5d6066;--attention:#9a6700}
@media(prefers-color-scheme:dark){:root{--bg:#1b1c1e;--card:#242528;--line:#34363a;--ink:#f1f1ef;--quiet:#b3b6bc;--done:#6fcf97;--over:#b3b6bc;--attention:#f0c060}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:20px;background:var(--bg);color:var(--ink);word-break:keep-all;
font:16px/1.6 "Pretendard Variable",Pretendard,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",system-ui,sans-serif}
main{width:min(100%,440px);padding:32px 28px;text-align:center;background:var(--card);border:1px solid var(--line);border-radius:14px}
svg{width:48px;height:48px;fill:none;stroke-width:3;stroke-linecap:round;stroke-linejoin:round}
[data-shape=done] svg{stroke:var(--done)}[data-shape=over] svg{stroke:var(--over)}[data-shape=attention] svg{stroke:var(--attention)}
h1{margin-top:12px;font-size:20px;line-height:1.4}
p{margin-top:8px}
footer{margin-top:24px;font-size:13px;color:var(--quiet)}
`;

/** Sent with every answer. The policy allows this page's own style, and nothing else in the world. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export function renderPage(locale: Locale, status: number, code: Code, params: Params): string {
  const { title, todo } = codeText(locale, code, params);
  const shape = shapeOf(status);
  const close = shape === 'done' ? ` ${shellText(locale, 'browser.close_tab')}` : '';
  return `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
<body>
<main data-code="${code}" data-shape="${shape}">
<svg viewBox="0 0 48 48" aria-hidden="true">${ICONS[shape]}</svg>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(todo + close)}</p>
<footer>${escapeHtml(shellText(locale, 'app.name'))}</footer>
</main>
</body>
</html>
`;
}

function shapeOf(status: number): Shape {
  if (status === 200) return 'done';
  return status === 410 ? 'over' : 'attention';
}
