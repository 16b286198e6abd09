import type { SubmitEvent } from 'react';
import type { StoreSettings } from '../../shared/settings-snapshot.ts';
import { allFine } from '../forms/field-state.ts';
import { StoreFields, useStoreDraft } from '../forms/store-fields.tsx';
import { useSaving } from '../forms/use-saving.ts';
import { useWords } from '../words.ts';
import { SaveBar, Section } from './section.tsx';

export function StoreSection({
  store,
  mall,
}: {
  readonly store: StoreSettings;
  readonly mall: string | null;
}) {
  const { say } = useWords();
  const draft = useStoreDraft(store);
  const saving = useSaving();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!allFine(draft.fields)) return;
    if (await saving.send({ do: 'save-store', store: draft.form() })) draft.password.settle();
  };
  return (
    <Section
      heading={say('settings.store')}
      about={store.kind === 'local' ? say('store.local') : (store.url.text ?? say('secret.set'))}
      name="store"
    >
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <StoreFields draft={draft} mall={mall} />
        {!draft.isFixed && <SaveBar saving={saving} />}
      </form>
    </Section>
  );
}
