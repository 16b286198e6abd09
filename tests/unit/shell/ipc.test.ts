import { describe, expect, test } from 'vitest';
import { type Sender, senderProblemOf } from '../../../electron/adapters/ipc.ts';

const frame = (origin: string, parent: unknown = null) => ({ origin, parent });
const own = frame('app://keeper');

describe('whose calls are believed', () => {
  test.each<[string, Sender, boolean]>([
    ['the main frame of our own origin', { senderFrame: own, sender: { mainFrame: own } }, true],
    ['a frame that is gone', { senderFrame: null, sender: { mainFrame: own } }, false],
    ['a frame within ours', { senderFrame: frame('app://keeper', own), sender: { mainFrame: own } }, false],
    ['a former main frame', { senderFrame: frame('app://keeper'), sender: { mainFrame: own } }, false],
    ...['https://keeper', 'app://keeper.evil', 'app://keeper/', 'APP://keeper', 'null', '', 'file://'].map(
      (origin): [string, Sender, boolean] => {
        const other = frame(origin);
        return [
          `origin ${JSON.stringify(origin)}`,
          { senderFrame: other, sender: { mainFrame: other } },
          false,
        ];
      },
    ),
  ])('%s', (_what, sender, believed) => {
    expect(senderProblemOf(sender) === null).toBe(believed);
  });
});
