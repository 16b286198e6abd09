import { type WarningMessage, wordsOf } from '../../../shared/warning-message.ts';
import { escapeHtml } from '../escape-html.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Pure: a warning as a mail, in plain text and in HTML without pictures, links or anything from elsewhere. */
export function mailOf(message: WarningMessage): MailText {
  const { title, paragraphs, facts, footer } = wordsOf(message);
  return {
    subject: title,
    text: [
      title,
      '',
      ...paragraphs,
      '',
      ...facts.map(({ label, value }) => `${label}: ${value}`),
      '',
      footer,
      '',
    ].join('\n'),
    html: [
      '<!doctype html>',
      `<html lang="${message.locale}">`,
      `<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
      `<body style="${BODY}">`,
      `<h1 style="${HEADING}">${escapeHtml(title)}</h1>`,
      ...paragraphs.map((each) => `<p style="${PARAGRAPH}">${escapeHtml(each)}</p>`),
      `<table style="${TABLE}">`,
      ...facts.map(
        ({ label, value }) =>
          `<tr><th scope="row" style="${LABEL}">${escapeHtml(label)}</th>` +
          `<td style="${VALUE}">${escapeHtml(value)}</td></tr>`,
      ),
      '</table>',
      `<p style="${FOOTER}">${escapeHtml(footer)}</p>`,
      '</body>',
      '</html>',
      '',
    ].join('\n'),
  };
}

// Programs that show mail ignore style sheets, and some a dark background: colours are left to them but for the footer.
const BODY =
  "margin:0;padding:24px;font-family:'Apple SD Gothic Neo','Malgun Gothic',sans-serif;line-height:1.6";
const HEADING = 'margin:0 0 16px;font-size:18px';
const PARAGRAPH = 'margin:0 0 8px;font-size:15px';
const TABLE = 'margin:16px 0;border-collapse:collapse;font-size:14px';
const LABEL = 'padding:4px 16px 4px 0;text-align:left;font-weight:normal;vertical-align:top';
const VALUE = 'padding:4px 0;font-weight:bold';
const FOOTER = 'margin:16px 0 0;font-size:12px;color:#767676';
