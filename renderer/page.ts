import { useSyncExternalStore } from 'react';
import type { WindowPage } from '../shared/tray-view.ts';

/** The window's pages: those main opens, and the set-up, which the window comes to by itself. */
export type Page = WindowPage | 'setup';

/** The page named by the URL's hash, which main sets when a tray item opens the window at one. */
export function usePage(): Page {
  const hash = useSyncExternalStore(watchHash, () => window.location.hash);
  return pageOf(hash);
}

export function pageOf(hash: string): Page {
  switch (hash) {
    case '#history':
      return 'history';
    case '#settings':
      return 'settings';
    case '#setup':
      return 'setup';
    case '#diagnostics':
      return 'diagnostics';
    default:
      return 'status';
  }
}

function watchHash(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}
