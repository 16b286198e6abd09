/** The package's types, as the compiler of a program outside meets them. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../../scripts/child-process.ts';
import { withoutProductNames } from '../../../scripts/product-environment.ts';
import { programFolder } from './program-folder.ts';

const TSC = path.resolve(import.meta.dirname, '../../../node_modules/typescript/bin/tsc');

const RIGHT = `import {
  checkExpiry,
  close,
  type ExpiryReport,
  getAccessToken,
  type TokenKeeperOptions,
  TokenUnavailable,
} from 'cafe24-token-keeper';

const options: TokenKeeperOptions = { mall: 'myshop', maxAgeMs: 0, env: { CAFE24_MALL_ID: 'myshop' } };
export const token: string = await getAccessToken();
export const code: string = await getAccessToken(options).catch((error: unknown) => {
  if (error instanceof TokenUnavailable) return error.code;
  throw error;
});
const report: ExpiryReport = await checkExpiry({ ...options, refresh: false });
export const isFine: boolean = report.state === 'HEALTHY' && report.reason === null;
export const told: readonly string[] = [...report.sent, ...report.failed.map(({ warning }) => warning)];
const end: void = await close();
export default end;
`;

/** Each line is one mistake. */
const WRONG = [
  "import { checkExpiry, getAccessToken, refreshNow } from 'cafe24-token-keeper';",
  'export const sync: string = getAccessToken();',
  'export const young = getAccessToken({ maxAge: 0 });',
  'export const eager = getAccessToken({ refresh: true });',
  "export const loud = checkExpiry({ refresh: 'no' });",
  "export const gone = (await checkExpiry()).state === 'EXPIRED';",
  'export const end: number = (await checkExpiry()).refreshTokenExpiresAt;',
  'export const called = refreshNow;',
];

it('a strict program compiles against the installed types, and each wrong use of them is told', async () => {
  const folder = await programFolder();
  await writeFile(path.join(folder, 'right.mts'), RIGHT);
  await writeFile(path.join(folder, 'wrong.mts'), `${WRONG.join('\n')}\n`);
  const { code, stdout } = await run(
    process.execPath,
    [
      TSC,
      ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
      ...['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022', '--pretty', 'false'],
      ...['right.mts', 'wrong.mts'],
    ],
    { cwd: folder, env: withoutProductNames(process.env), timeoutMs: 60_000 },
  );
  expect(code).not.toBe(0);
  const places = [...stdout.matchAll(/^(\S+?)\((\d+),\d+\): error/gm)].map(
    ([, file, line]) => `${file}:${line}`,
  );
  // The import alone is blamed for a name that is not there.
  expect(places).toEqual(WRONG.slice(0, -1).map((_, index) => `wrong.mts:${index + 1}`));
});
