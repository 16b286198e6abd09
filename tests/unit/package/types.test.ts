import { expect, it } from 'vitest';
import * as actual from '../../../electron/index.ts';
import type * as declared from '../../../package.d.ts';

it('the package exports what its types declare', () => {
  // Compiling is half of the proof: every declared name exists with a fitting type.
  const fitting: typeof declared = actual;
  expect(Object.keys(fitting).sort()).toEqual(['TokenUnavailable', 'checkExpiry', 'close', 'getAccessToken']);
});
