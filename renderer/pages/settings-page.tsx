import { LOCALES } from '../../shared/locale.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { useAsk } from '../bridge.ts';
import { PageFrame } from '../parts/page-frame.tsx';
import { EnvFilePlace, Variables } from '../parts/variables.tsx';
import { useWords } from '../words.ts';

const LANGUAGE_NAMES = { ko: '한국어', en: 'English' } as const;

export function SettingsPage({ snapshot }: { readonly snapshot: Snapshot }) {
  const { say } = useWords();
  return (
    <PageFrame heading={say('page.settings')} snapshot={snapshot}>
      <LanguageChoice />
      <section className="card welcome">
        <h2>{say('settings.values')}</h2>
        <p>{say('settings.lead')}</p>
        <Variables />
        <EnvFilePlace />
      </section>
    </PageFrame>
  );
}

function LanguageChoice() {
  const { locale, say } = useWords();
  const { ask } = useAsk();
  return (
    <fieldset className="card choice">
      <legend>{say('page.language')}</legend>
      {LOCALES.map((each) => (
        <label key={each} lang={each}>
          <input
            type="radio"
            name="language"
            checked={each === locale}
            onChange={() => ask({ do: 'set-locale', locale: each })}
          />
          {LANGUAGE_NAMES[each]}
        </label>
      ))}
    </fieldset>
  );
}
