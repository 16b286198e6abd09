import type { Snapshot } from '../../shared/snapshot.ts';
import { useAsk } from '../bridge.ts';
import { usePage } from '../page.ts';
import { useWords } from '../words.ts';

export function Footer({ release }: { readonly release: Snapshot['release'] | undefined }) {
  const { say } = useWords();
  const page = usePage();
  return (
    <footer className="footer">
      {release && <NewVersion {...release} />}
      <LanguageSwitch />
      <nav>
        {page !== 'status' && <a href="#status">{say('page.status')}</a>}
        <a href="#history" aria-current={page === 'history' ? 'page' : undefined}>
          {say('page.history')}
        </a>
        <a href="#settings" aria-current={page === 'settings' ? 'page' : undefined}>
          {say('page.settings')}
        </a>
        <a href="#diagnostics" aria-current={page === 'diagnostics' ? 'page' : undefined}>
          {say('page.diagnostics')}
        </a>
      </nav>
    </footer>
  );
}

/** Says that there is a newer version, and what is new where a person looks closer. */
function NewVersion({ version, notes }: NonNullable<Snapshot['release']>) {
  const { say } = useWords();
  const { ask } = useAsk();
  return (
    <p className="footer__release" data-testid="release" title={notes}>
      {say('release.newer', { version })}{' '}
      <button type="button" data-do="open-release" onClick={() => ask({ do: 'open-release' })}>
        {say('release.open')}
      </button>
    </p>
  );
}

/** Offers the other language under its own name, so that it is found by who cannot read this one. */
export function LanguageSwitch() {
  const { locale } = useWords();
  const { ask } = useAsk();
  const other = locale === 'ko' ? 'en' : 'ko';
  return (
    <button
      type="button"
      className="footer__language"
      lang={other}
      data-do="set-locale"
      onClick={() => ask({ do: 'set-locale', locale: other })}
    >
      {other === 'en' ? 'English' : '한국어'}
    </button>
  );
}
