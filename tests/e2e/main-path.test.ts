import { describe } from 'vitest';
import { canPackageHere } from '../support/packaged-app.ts';
import { tellMainPath, tellQuitting } from './support/main-path.ts';

// Where packages are built, the story in another zone is told of the packaged app: tests/package/main-path.test.ts.
const ZONES = canPackageHere() ? ['UTC'] : ['UTC', 'Asia/Seoul'];

describe.each(ZONES)('an operator at a PC in %s', (zone) => {
  tellQuitting(tellMainPath({ zone }));
});
