// Installs, as root on Debian, what the tests and the packages need: for machines where the rest runs as somebody else.
import ensureForTests from '../tests/support/ensure-packages.ts';
import { runScript } from './messages.ts';
import { ensureSystemPackages } from './system-packages.ts';

await runScript(async () => {
  await ensureForTests();
  await ensureSystemPackages(['packaging', 'installing']);
  return 0;
});
