// npm run package: what users download, into release/, as far as this machine can build it.
import path from 'node:path';
import { runScript, say } from './messages.ts';
import { buildPackages, emptyFolder, sizesIn } from './package/build-packages.ts';

const RELEASE = 'release';

await runScript(async () => {
  await emptyFolder(path.resolve(import.meta.dirname, '..', RELEASE));
  const folder = await buildPackages({ outDir: RELEASE });
  say(`in ${RELEASE}/:`);
  for (const line of await sizesIn(folder)) console.log(line);
  return 0;
});
