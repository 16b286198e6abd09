import { expect, test } from 'vitest';
import { isPermitted } from '../../../electron/adapters/permissions.ts';

test.each([
  ['notifications', 'app://keeper', true],
  ['notifications', 'app://keeper/', true],
  ['notifications', 'https://example.test', false],
  ['notifications', 'app://keeper.evil', false],
  ['notifications', '', false],
  ['geolocation', 'app://keeper', false],
  ['clipboard-read', 'app://keeper', false],
  ['a permission of another Electron', 'app://keeper', false],
  ['constructor', 'app://keeper', false],
])('%s for %j: %s', (permission, origin, permitted) => {
  expect(isPermitted(permission, origin)).toBe(permitted);
});
