import { useState } from 'react';
import { mallIdIn } from '../../shared/field-checks.ts';
import type { ShopForm } from '../../shared/settings-forms.ts';
import type { ShopSettings, ShownValue } from '../../shared/settings-snapshot.ts';
import { useWords } from '../words.ts';
import { AnswerLine } from './answer-line.tsx';
import { SecretField, TextField } from './field.tsx';
import { type FieldState, type SecretState, useField, useSecret } from './field-state.ts';
import { useSaving } from './use-saving.ts';

export const UNSET: ShownValue = { from: 'default', text: null, isSet: false };

export interface ShopDraft {
  readonly mall: FieldState;
  readonly clientId: FieldState;
  readonly clientSecret: SecretState;
  readonly redirectUri: FieldState;
  readonly scopes: FieldState;
  readonly pkce: { readonly isOn: boolean; readonly isFixed: boolean; readonly turn: (on: boolean) => void };
  readonly form: () => ShopForm;
}

/** All values of one shop; `shop` is null for one that is not known yet. */
export function useShopDraft(shop: ShopSettings | null, simulator: boolean): ShopDraft {
  const mall = useField('mall', mallValueOf(shop), true);
  const clientId = useField('clientId', shop?.clientId ?? UNSET, true);
  const clientSecret = useSecret('clientSecret', shop?.clientSecret ?? UNSET, true);
  const redirectUri = useField('redirectUri', shop?.redirectUri ?? UNSET, true, simulator);
  const scopes = useField('scopes', scopesOf(shop), true);
  const [isOn, turn] = useState(shop?.pkce.text === '1');
  return {
    mall,
    clientId,
    clientSecret,
    redirectUri,
    scopes,
    pkce: { isOn, turn, isFixed: !['settings', 'default'].includes(shop?.pkce.from ?? 'default') },
    form: () => ({
      mall: mall.text.trim(),
      clientId: clientId.text,
      clientSecret: clientSecret.edit,
      redirectUri: redirectUri.text,
      scopes: scopes.text,
      pkce: isOn,
    }),
  };
}

const DEFAULT_SCOPES = 'mall.read_product,mall.write_product';

function mallValueOf(shop: ShopSettings | null): ShownValue {
  return shop === null ? UNSET : { from: shop.from, text: shop.mall, isSet: true };
}

function scopesOf(shop: ShopSettings | null): ShownValue {
  return shop?.scopes.text ? shop.scopes : { ...UNSET, text: DEFAULT_SCOPES };
}

/** `isProven`: tokens are there for this id, and another one would be another shop. */
export function MallField({ draft, isProven }: { readonly draft: ShopDraft; readonly isProven: boolean }) {
  const { say } = useWords();
  const { mall } = draft;
  if (isProven) {
    return (
      <div className="field">
        <span className="field__label">{say('field.mall')}</span>
        <output className="field__fixed">{mall.text}</output>
      </div>
    );
  }
  const found = mall.problem === 'mall.address' ? mallIdIn(mall.text) : null;
  return (
    <>
      <TextField field={mall} label="field.mall" where="field.mall.where" placeholder="myshop" />
      {found !== null && (
        <button type="button" className="quiet-button" onClick={() => mall.change(found)}>
          {say('field.mall.use', { mall: found })}
        </button>
      )}
    </>
  );
}

export function CredentialFields({ draft }: { readonly draft: ShopDraft }) {
  return (
    <>
      <TextField field={draft.clientId} label="field.clientId" where="field.clientId.where" />
      <SecretField field={draft.clientSecret} label="field.clientSecret" where="field.clientSecret.where" />
    </>
  );
}

export function RedirectField({ draft }: { readonly draft: ShopDraft }) {
  const { say } = useWords();
  const trial = useSaving();
  const copy = useSaving();
  const { redirectUri } = draft;
  return (
    <>
      <TextField
        field={redirectUri}
        label="field.redirectUri"
        where="field.redirectUri.where"
        placeholder="https://www.example.com/cafe24/"
      />
      {redirectUri.source === null && (
        <button
          type="button"
          className="field__try"
          data-do="try-redirect"
          aria-disabled={trial.isBusy}
          disabled={redirectUri.problem !== null}
          onClick={() => void trial.send({ do: 'try-redirect', uri: redirectUri.text })}
        >
          {say(trial.isBusy ? 'field.redirectUri.trying' : 'field.redirectUri.try')}
        </button>
      )}
      <AnswerLine reply={trial.reply} testId="redirect-trial" />
      <p className="field__where">{say('field.redirectUri.relay')}</p>
      <button
        type="button"
        className="quiet-button"
        data-do="save-relay-page"
        aria-disabled={copy.isBusy}
        onClick={() => void copy.send({ do: 'save-relay-page' })}
      >
        {say('field.redirectUri.save')}
      </button>
      <AnswerLine reply={copy.reply} testId="relay-copy" />
    </>
  );
}
