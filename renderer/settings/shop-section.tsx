import type { SubmitEvent } from 'react';
import type { ShopSettings } from '../../shared/settings-snapshot.ts';
import { allFine } from '../forms/field-state.ts';
import { ScopesField } from '../forms/scopes-field.tsx';
import { CredentialFields, RedirectField, useShopDraft } from '../forms/shop-fields.tsx';
import { useSaving } from '../forms/use-saving.ts';
import { useWords } from '../words.ts';
import { SaveBar, Section } from './section.tsx';

/** One shop's own settings. */
export function ShopSection({
  shop,
  simulator,
}: {
  readonly shop: ShopSettings;
  readonly simulator: boolean;
}) {
  const { say } = useWords();
  const draft = useShopDraft(shop, simulator);
  const saving = useSaving();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const fields = [draft.clientId, draft.clientSecret, draft.redirectUri, draft.scopes];
    if (!allFine(fields)) return;
    if (await saving.send({ do: 'save-shop', shop: draft.form() })) draft.clientSecret.settle();
  };
  return (
    <Section
      heading={say('settings.shop', { mall: shop.mall })}
      about={`${shop.mall}.cafe24.com`}
      name={`shop-${shop.mall}`}
      isOpen={false}
    >
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <CredentialFields draft={draft} />
        <RedirectField draft={draft} />
        <ScopesField draft={draft} />
        <SaveBar saving={saving} />
      </form>
    </Section>
  );
}
