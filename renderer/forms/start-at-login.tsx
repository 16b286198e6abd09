import type { SettingsSnapshot } from '../../shared/settings-snapshot.ts';
import { useWords } from '../words.ts';
import { AnswerLine } from './answer-line.tsx';
import { useSaving } from './use-saving.ts';

export function StartAtLogin({ settings }: { readonly settings: SettingsSnapshot }) {
  const { say } = useWords();
  const saving = useSaving();
  return (
    <>
      <label className="tick">
        <input
          type="checkbox"
          name="start-at-login"
          checked={settings.startsAtLogin}
          onChange={(event) => void saving.send({ do: 'set-start-at-login', on: event.target.checked })}
        />
        {say('settings.startAtLogin')}
      </label>
      <AnswerLine reply={saving.reply} testId="start-at-login" />
    </>
  );
}
