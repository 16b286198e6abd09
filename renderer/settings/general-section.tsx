import { LOCALES, type Locale } from '../../shared/locale.ts';
import type { SettingsSnapshot } from '../../shared/settings-snapshot.ts';
import { useAsk } from '../bridge.ts';
import { StartAtLogin } from '../forms/start-at-login.tsx';
import { useWords } from '../words.ts';

const LANGUAGE_NAMES = { ko: '한국어', en: 'English' } as const;

/** What is chosen with one click and holds at once. */
export function GeneralSection({ settings }: { readonly settings: SettingsSnapshot }) {
  const { say } = useWords();
  return (
    <section className="card form" data-section="general" aria-label={say('settings.general')}>
      <LanguageChoice chosen={settings.locale} />
      <StartAtLogin settings={settings} />
      <div className="field">
        <span className="field__label">{say('settings.place')}</span>
        <code data-testid="data-folder">{settings.dataFolder}</code>
      </div>
    </section>
  );
}

function LanguageChoice({ chosen }: { readonly chosen: Locale | null }) {
  const { say } = useWords();
  const { ask } = useAsk();
  return (
    <fieldset className="choice">
      <legend>{say('settings.language')}</legend>
      {[null, ...LOCALES].map((each) => (
        <label key={each} lang={each ?? undefined}>
          <input
            type="radio"
            name="language"
            checked={each === chosen}
            onChange={() => ask({ do: 'set-locale', locale: each })}
          />
          {each === null ? say('settings.language.system') : LANGUAGE_NAMES[each]}
        </label>
      ))}
    </fieldset>
  );
}
