import path from 'node:path';
import type { Plugin } from 'vite';
import { GUARDS } from './guards.ts';

/** What a module says that was built without a guard, so that no such build can be taken for one to be shipped. */
export const MARK = '__WITHOUT_GUARD__';
/** Names the guard to a test's own builds, such as the processes that `bundled.ts` makes. */
export const WITHOUT_GUARD = 'WITHOUT_GUARD';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** Builds the sources without one guard; throws where the code that is to give way is not there exactly once. */
export function withoutGuard(name: string): Plugin {
  const guard = GUARDS.find((each) => each.name === name);
  if (!guard) throw new Error(`no guard is named "${name}"`);
  return {
    name: 'without-guard',
    enforce: 'pre',
    transform(code, id) {
      const file = path.relative(ROOT, id.split('?')[0] ?? id);
      const removals = guard.removal.filter(([where]) => where === file);
      if (removals.length === 0) return undefined;
      const rest = removals.reduce((text, [, from, to]) => replacedOnce(text, from, to, file), code);
      return {
        code: `${rest}\nObject.assign(globalThis, { ${MARK}: ${JSON.stringify(name)} });\n`,
        map: null,
      };
    },
  };
}

function replacedOnce(text: string, from: string, to: string, file: string): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(
      `${file} does not hold exactly once what tests/support/guards/guards.ts takes out: ${from}`,
    );
  return before + to + after;
}
