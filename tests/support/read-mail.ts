/** Reads a mail as a mail program does, as far as tests need it: RFC 5322, 2045, 2047. */

export interface ReadMail {
  /** A header's decoded value; the empty string where it is absent. */
  header(name: string): string;
  /** The decoded text of the part with this type. */
  part(type: 'text/plain' | 'text/html'): string;
}

interface Entity {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export function readMail(raw: string): ReadMail {
  const mail = readEntity(raw);
  const parts = partsOf(mail);
  return {
    header: (name) => decodeWords(mail.headers.get(name.toLowerCase()) ?? ''),
    part(type) {
      const found = parts.find(({ headers }) => headers.get('content-type')?.startsWith(type));
      if (!found) throw new Error(`the mail has no part ${type}`);
      return decodeBody(found).replaceAll('\r\n', '\n');
    },
  };
}

function readEntity(raw: string): Entity {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { headers: new Map(headers), body: raw.slice(end + 4) };
}

function partsOf(mail: Entity): readonly Entity[] {
  const [, boundary] = /boundary="?([^";]+)"?/.exec(mail.headers.get('content-type') ?? '') ?? [];
  if (boundary === undefined) return [mail];
  return mail.body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => readEntity(part.replace(/^\r\n/, '')));
}

function decodeBody({ headers, body }: Entity): string {
  switch (headers.get('content-transfer-encoding')) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable':
      return decodeQuoted(body.replaceAll('=\r\n', ''));
    default:
      return body;
  }
}

/** `=?UTF-8?B?...?=` and `=?UTF-8?Q?...?=`; the space between two of them belongs to neither. */
function decodeWords(text: string): string {
  return text
    .replaceAll(/(\?=)\s+(=\?)/g, '$1$2')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, form: string, word: string) =>
      form.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodeQuoted(word.replaceAll('_', ' ')),
    );
}

function decodeQuoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
