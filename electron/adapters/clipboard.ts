import type { Clipboard as SystemClipboard } from 'electron';
import type { Clipboard } from '../core/presenter.ts';

/**
 * Text only. The renderer has no clipboard of its own (none from Electron 44 on); main reads it on a click. Newer
 * runtimes answer by a promise, older ones at once.
 */
export function clipboardOf(system: Pick<SystemClipboard, 'readText' | 'writeText'>): Clipboard {
  return {
    read: async () => system.readText(),
    write: async (text) => system.writeText(text),
  };
}
