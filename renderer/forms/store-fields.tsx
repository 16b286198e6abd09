import { useState } from 'react';
import type { StoreForm, StoreTrial } from '../../shared/settings-forms.ts';
import { isOwn, type StoreSettings } from '../../shared/settings-snapshot.ts';
import { Row } from '../parts/row.tsx';
import { useWords } from '../words.ts';
import { AnswerLine } from './answer-line.tsx';
import { SecretField, TextField } from './field.tsx';
import { type FieldState, type SecretState, useField, useSecret } from './field-state.ts';
import { useSaving } from './use-saving.ts';

type Kind = 'local' | 'redis';

export interface StoreDraft {
  readonly kind: Kind;
  readonly isFixed: boolean;
  readonly choose: (kind: Kind) => void;
  readonly url: FieldState;
  readonly password: SecretState;
  /** What must be right before it is sent. */
  readonly fields: readonly FieldState[];
  readonly form: () => StoreForm;
}

export function useStoreDraft(store: StoreSettings): StoreDraft {
  const [kind, choose] = useState<Kind>(store.url.isSet ? 'redis' : 'local');
  const url = useField('redisUrl', store.url, true);
  const password = useSecret('redisPassword', store.password, false);
  return {
    kind,
    isFixed: !isOwn(store.url),
    choose,
    url,
    password,
    fields: kind === 'redis' ? [url] : [],
    form: () => (kind === 'local' ? { kind } : { kind, url: url.text, password: password.edit }),
  };
}

interface Props {
  readonly draft: StoreDraft;
  /** Whose tokens are looked for. */
  readonly mall: string | null;
}

export function StoreFields({ draft, mall }: Props) {
  const { say } = useWords();
  return (
    <>
      {!draft.isFixed && (
        <fieldset className="choices">
          <legend className="spoken-only">{say('settings.store')}</legend>
          {(['local', 'redis'] as const).map((kind) => (
            <label key={kind} className="choices__one">
              <input
                type="radio"
                name="store"
                value={kind}
                checked={draft.kind === kind}
                onChange={() => draft.choose(kind)}
              />
              <span>
                <b>{say(`store.choice.${kind}`)}</b>
                <span className="quiet">{say(`store.choice.${kind}.about`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {draft.kind === 'redis' && <RedisFields draft={draft} mall={mall} />}
    </>
  );
}

function RedisFields({ draft, mall }: Props) {
  const { say } = useWords();
  const trial = useSaving();
  return (
    <>
      <TextField
        field={draft.url}
        label="field.redisUrl"
        where="field.redisUrl.where"
        placeholder="rediss://redis.example.com:6379/0"
      />
      {!draft.isFixed && (
        <>
          <SecretField
            field={draft.password}
            label="field.redisPassword"
            where="field.redisPassword.where"
            isOptional
          />
          <button
            type="button"
            className="field__try"
            data-do="try-store"
            aria-disabled={trial.isBusy}
            disabled={draft.url.problem !== null}
            onClick={() => void trial.send({ do: 'try-store', store: draft.form(), mall })}
          >
            {say(trial.isBusy ? 'store.trying' : 'store.try')}
          </button>
        </>
      )}
      {trial.reply?.storeTrial ? (
        <TrialFacts trial={trial.reply.storeTrial} />
      ) : (
        <AnswerLine reply={trial.reply} testId="store-trial" />
      )}
    </>
  );
}

function TrialFacts({ trial }: { readonly trial: StoreTrial }) {
  const { say } = useWords();
  const { persistence, evictionPolicy, tokens } = trial;
  const unknown = say('store.trial.unknown');
  const isPolicySafe = evictionPolicy === null || evictionPolicy === 'noeviction';
  return (
    <div className="trial facts" data-testid="store-trial" data-tokens={tokens} role="status">
      <p className="trial__head">{say('store.trial.ok', { ms: Math.max(1, Math.round(trial.latencyMs)) })}</p>
      <dl>
        <Row name={say('store.trial.version')}>{trial.version ?? unknown}</Row>
        <Row name={say('store.trial.persistence')} isWarning={persistence === 'none'}>
          {persistence === null ? unknown : say(`store.trial.persistence.${persistence}`)}
        </Row>
        <Row name={say('store.trial.policy')} isWarning={!isPolicySafe}>
          {isPolicySafe
            ? (evictionPolicy ?? unknown)
            : say('store.trial.policy.bad', { policy: evictionPolicy })}
        </Row>
        <Row name={say('store.trial.tls')}>
          {say(trial.tls ? 'store.trial.tls.on' : 'store.trial.tls.off')}
        </Row>
        <Row name={say('store.trial.tokens')}>{say(`store.trial.tokens.${tokens}`)}</Row>
      </dl>
    </div>
  );
}
