// npm run audit: asks the registry what is known against the lock file; fails for what docs/audit.md does not reason.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { unreasoned } from './audit-verdict.ts';
import { run } from './child-process.ts';
import { runScript, SetupError, say } from './messages.ts';

const PROJECT = path.resolve(import.meta.dirname, '..');

await runScript(async () => {
  const audit = await run('npm', ['audit', '--json'], { cwd: PROJECT, timeoutMs: 120_000 });
  const document = await readFile(path.join(PROJECT, 'docs/audit.md'), 'utf8');
  const lines = unreasoned(reportOf(audit.stdout), document, Date.now());
  for (const line of lines) console.error(line);
  say(lines.length === 0 ? 'nothing that is not reasoned' : 'mend it, or reason it in docs/audit.md');
  return lines.length === 0 ? 0 : 1;
});

/** A registry without audits answers with an error in place of a report: not known is not clean. */
function reportOf(text: string): unknown {
  try {
    const report: unknown = JSON.parse(text);
    if (typeof report === 'object' && report !== null && 'vulnerabilities' in report) return report;
  } catch {
    // Told below like any other answer that is no report.
  }
  throw new SetupError(`the registry gave no audit: ${text.slice(0, 500)}`);
}
