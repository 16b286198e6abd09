/** What `npm audit --json` found, against what `docs/audit.md` accepts with a reason and an end. */
import { z } from 'zod';

/** Below these nothing stops a release. */
const GRAVE: readonly string[] = ['high', 'critical'];

const advisory = z.object({ name: z.string(), title: z.string(), url: z.string(), severity: z.string() });
const reportSchema = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisory])) })),
});

const ADVISORY = /GHSA(?:-[\w]{4}){3}/;

/** Lines about what nobody reasoned, or only until a day (UTC) that is over. A report that is none throws. */
export function unreasoned(report: unknown, document: string, now: number): readonly string[] {
  const accepted = acceptedIn(document);
  const today = new Date(now).toISOString().slice(0, 10);
  const found = Object.values(reportSchema.parse(report).vulnerabilities)
    .flatMap(({ via }) => via)
    .filter((each): each is z.infer<typeof advisory> => typeof each !== 'string');
  const lines = found
    .filter(({ severity }) => GRAVE.includes(severity))
    .filter(({ url }) => (accepted.get(ADVISORY.exec(url)?.[0] ?? '') ?? '') < today)
    .map(({ severity, name, title, url }) => `${severity}: ${name}: ${title} (${url})`);
  return [...new Set(lines)];
}

/** The last day on which each advisory is accepted. */
function acceptedIn(document: string): ReadonlyMap<string, string> {
  const rows = document.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(
    rows.flatMap(([, id = '', , reason = '', until = '']) => {
      const [name] = ADVISORY.exec(id) ?? [];
      return name && reason !== '' && /^\d{4}-\d{2}-\d{2}$/.test(until) ? [[name, until] as const] : [];
    }),
  );
}
