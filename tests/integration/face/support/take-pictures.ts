/** Pictures of every state for human eyes: `node scripts/run-ts.mjs tests/integration/face/support/take-pictures.ts DIR`. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locale } from '../../../../shared/locale.ts';
import { scenes } from './scenes.ts';
import { openStage } from './stage.ts';

const [dir = 'out/face', only = ''] = process.argv.slice(2);
mkdirSync(dir, { recursive: true });
const stage = await openStage();
try {
  for (const [name, { snapshot, ...view }] of Object.entries(scenes)) {
    if (!name.includes(only)) continue;
    for (const locale of ['ko', 'en'] satisfies Locale[]) {
      for (const theme of ['light', 'dark'] as const) {
        const { page, end, errors } = await stage.open({
          ...view,
          theme,
          scale: 2,
          snapshot: { ...snapshot, locale },
        });
        await page.screenshot({ path: path.join(dir, `${name}-${locale}-${theme}.png`) });
        for (const error of errors) console.error(`${name}: ${error}`);
        await end();
      }
    }
  }
} finally {
  await stage.close();
}
