import { useEffect } from 'react';
import type { KeeperBridge } from '../shared/ipc.ts';
import { BridgeContext, type Received, useSnapshot } from './bridge.ts';
import { startOsNotices } from './os-notices.ts';
import { usePage } from './page.ts';
import { DiagnosticsPage } from './pages/diagnostics-page.tsx';
import { FormPage } from './pages/form-page.tsx';
import { HistoryPage } from './pages/history-page.tsx';
import { SettingsPage } from './pages/settings-page.tsx';
import { SetupPage } from './pages/setup-page.tsx';
import { StatusPage } from './pages/status-page.tsx';
import { LocaleContext } from './words.ts';

export function App({ bridge }: { readonly bridge: KeeperBridge }) {
  // Before the snapshot's effect: main offers notices as soon as a window has subscribed.
  useEffect(() => startOsNotices(bridge), [bridge]);
  const received = useSnapshot(bridge);
  const locale = received?.snapshot.locale ?? 'ko';
  useEffect(() => closeOnEscape(bridge), [bridge]);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return (
    <BridgeContext value={bridge}>
      <LocaleContext value={locale}>{received && <CurrentPage received={received} />}</LocaleContext>
    </BridgeContext>
  );
}

function CurrentPage({ received }: { readonly received: Received }) {
  const { snapshot } = received;
  const asked = usePage();
  const page = asked === 'status' && snapshot.malls.length === 0 ? 'setup' : asked;
  return (
    <>
      {page === 'status' && <StatusPage received={received} />}
      {page === 'history' && <HistoryPage received={received} />}
      {page === 'diagnostics' && <DiagnosticsPage snapshot={snapshot} />}
      <FormPage isShown={page === 'settings'}>{() => <SettingsPage snapshot={snapshot} />}</FormPage>
      <FormPage isShown={page === 'setup'}>
        {(finish) => <SetupPage snapshot={snapshot} onDone={finish} />}
      </FormPage>
    </>
  );
}

/**
 * Esc closes, as in every small window, unless it ends the composition of a Korean syllable. Main closes it:
 * `window.close()` would end this page, and with it the click on a notice.
 */
function closeOnEscape(bridge: KeeperBridge): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
    bridge.send({ do: 'close' }).catch(() => {});
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}
