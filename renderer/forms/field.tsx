import { type KeyboardEvent, type ReactNode, useId } from 'react';
import type { FieldProblem } from '../../shared/field-checks.ts';
import type { PlainKey } from '../../shared/messages/message.ts';
import type { ShownValue } from '../../shared/settings-snapshot.ts';
import { useWords } from '../words.ts';
import type { FieldState, SecretState } from './field-state.ts';

interface FieldProps {
  readonly field: FieldState;
  readonly label: PlainKey;
  /** Where the value stands. */
  readonly where?: PlainKey;
  readonly placeholder?: string;
  readonly isOptional?: boolean;
  readonly isMultiline?: boolean;
  /** Beside the label: a button that tries the value, say. */
  readonly children?: ReactNode;
}

/** A label, a line, where its value stands, and what is wrong with it; or, from the environment, what it is. */
export function TextField(props: FieldProps) {
  const { field } = props;
  if (field.source !== null) return <FixedField label={props.label} shown={field.source} />;
  return <LabelledInput {...props} type="text" />;
}

/** A secret: kept ones are said to be there and never shown; a new one is typed over them. */
export function SecretField(props: FieldProps & { readonly field: SecretState }) {
  const { field, label } = props;
  const { say } = useWords();
  if (field.source !== null) return <FixedField label={label} shown={field.source} />;
  if (!field.isKept && !field.isRemoved) {
    return (
      <LabelledInput {...props} type="password">
        {props.children}
      </LabelledInput>
    );
  }
  return (
    <div className="field" data-field={field.name}>
      <span className="field__label">{say(label)}</span>
      <div className="field__kept">
        <span>{say(field.isKept ? 'secret.set' : 'secret.removed')}</span>
        {field.isKept ? (
          <>
            <QuietButton what="change" of={label} onClick={field.replace} />
            {props.isOptional && <QuietButton what="remove" of={label} onClick={field.remove} />}
          </>
        ) : (
          <QuietButton what="keep" of={label} onClick={field.keep} />
        )}
      </div>
    </div>
  );
}

function QuietButton({
  what,
  of,
  onClick,
}: {
  readonly what: 'change' | 'remove' | 'keep';
  readonly of: PlainKey;
  readonly onClick: () => void;
}) {
  const { say } = useWords();
  return (
    <button type="button" className="quiet-button" onClick={onClick}>
      {say(`secret.${what}`)} <span className="spoken-only">{say(of)}</span>
    </button>
  );
}

function LabelledInput({
  field,
  label,
  where,
  placeholder,
  isOptional,
  isMultiline,
  children,
  type,
}: FieldProps & { readonly type: 'text' | 'password' }) {
  const { say } = useWords();
  const id = useId();
  const shared = {
    id,
    name: field.name,
    value: field.text,
    placeholder,
    autoComplete: 'off',
    spellCheck: false,
    'aria-invalid': field.told !== null,
    'aria-describedby': `${id}-where ${id}-problem`,
    onChange: (event: { readonly target: { readonly value: string } }) => field.change(event.target.value),
    onBlur: field.leave,
  } as const;
  return (
    <div className="field" data-field={field.name}>
      <div className="field__head">
        <label htmlFor={id}>{say(label)}</label>
        {isOptional && <span className="quiet">{say('field.optional')}</span>}
        {children}
      </div>
      {isMultiline ? (
        <textarea {...shared} rows={3} onKeyDown={submitOnEnter} />
      ) : (
        <input {...shared} type={type} />
      )}
      <Problem id={`${id}-problem`} problem={field.told} />
      {where !== undefined && (
        <p className="field__where" id={`${id}-where`}>
          {say(where)}
        </p>
      )}
    </div>
  );
}

/** As in a single line: a list of scopes has no lines. */
function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

function Problem({ id, problem }: { readonly id: string; readonly problem: FieldProblem | null }) {
  const { say } = useWords();
  return (
    <p className="field__problem tone-bad" id={id} role="status" data-problem={problem ?? undefined}>
      {problem !== null && say(`field.problem.${problem}`)}
    </p>
  );
}

/** A value that is changed where it came from. */
function FixedField({ label, shown }: { readonly label: PlainKey; readonly shown: ShownValue }) {
  const { say } = useWords();
  if (shown.from === 'settings' || shown.from === 'default') return null;
  return (
    <div className="field" data-source={shown.from}>
      <span className="field__label">{say(label)}</span>
      <output className="field__fixed">{shown.text ?? say('secret.set')}</output>
      <p className="field__where">{say('source.readOnly', { source: say(`source.${shown.from}`) })}</p>
    </div>
  );
}
