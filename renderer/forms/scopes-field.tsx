import { scopeSubject } from '../../shared/messages/scopes.ts';
import { useWords } from '../words.ts';
import { TextField } from './field.tsx';
import type { ShopDraft } from './shop-fields.tsx';

/** What shops' programs ask for most. Any other is typed. */
const USUAL = [
  'product',
  'category',
  'order',
  'customer',
  'store',
  'promotion',
  'community',
  'shipping',
] as const;
const RIGHTS = ['read', 'write'] as const;

/** Ticks of the usual ones over the list itself: both are the same text. */
export function ScopesField({ draft }: { readonly draft: ShopDraft }) {
  const { locale, say } = useWords();
  const { scopes, pkce } = draft;
  const chosen = scopes.text.split(/[\s,]+/).filter((scope) => scope !== '');
  const turn = (scope: string, on: boolean): void => {
    const next = on ? [...chosen, scope] : chosen.filter((each) => each !== scope);
    scopes.change(next.join(','));
  };
  return (
    <>
      {scopes.source === null && (
        <table className="scopes">
          <caption className="spoken-only">{say('field.scopes.usual')}</caption>
          <thead>
            <tr>
              <td />
              {RIGHTS.map((right) => (
                <th key={right} scope="col">
                  {say(`field.scopes.${right}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {USUAL.map((subject) => (
              <tr key={subject}>
                <th scope="row">{scopeSubject(locale, subject)}</th>
                {RIGHTS.map((right) => {
                  const scope = `mall.${right}_${subject}`;
                  return (
                    <td key={right}>
                      <input
                        type="checkbox"
                        aria-label={`${scopeSubject(locale, subject)} ${say(`field.scopes.${right}`)}`}
                        value={scope}
                        checked={chosen.includes(scope)}
                        onChange={(event) => turn(scope, event.target.checked)}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <TextField field={scopes} label="field.scopes" where="field.scopes.where" isMultiline />
      <label className="tick">
        <input
          type="checkbox"
          checked={pkce.isOn}
          disabled={pkce.isFixed}
          onChange={(event) => pkce.turn(event.target.checked)}
        />
        {say('field.pkce')}
      </label>
    </>
  );
}
