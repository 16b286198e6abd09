/** A field of a form while a person types: its text, what is wrong with it, and whether that is to be told yet. */
import { useState } from 'react';
import { FIELD_CHECKS, type FieldName, type FieldProblem, isUnfinished } from '../../shared/field-checks.ts';
import type { SecretEdit } from '../../shared/settings-forms.ts';
import { isOwn, type ShownValue } from '../../shared/settings-snapshot.ts';

export interface FieldState {
  readonly name: FieldName;
  readonly text: string;
  /** Comes from the environment: shown, not changed. */
  readonly source: ShownValue | null;
  readonly problem: FieldProblem | null;
  /** The problem, once it is to be told: at once where nothing typed behind mends it, else when the field was left. */
  readonly told: FieldProblem | null;
  readonly change: (text: string) => void;
  readonly leave: () => void;
  /** Tells everything: the person asked to go on. */
  readonly reveal: () => void;
}

type Told = 'plain' | 'left' | 'all';

export function useField(
  name: FieldName,
  shown: ShownValue,
  isRequired: boolean,
  simulator?: boolean,
): FieldState {
  const source = isOwn(shown) ? null : shown;
  return useTyped(name, shown.text ?? '', source, isRequired, simulator);
}

export interface SecretState extends FieldState {
  /** A secret is kept and not being replaced. */
  readonly isKept: boolean;
  readonly isRemoved: boolean;
  readonly edit: SecretEdit;
  readonly replace: () => void;
  readonly keep: () => void;
  readonly remove: () => void;
  /** It was saved: what was typed is kept now, and out of sight. */
  readonly settle: () => void;
}

/** Main never fills a secret in; it only says that there is one. */
export function useSecret(name: FieldName, shown: ShownValue, isRequired: boolean): SecretState {
  const [mode, setMode] = useState<'kept' | 'typed' | 'removed'>(shown.isSet ? 'kept' : 'typed');
  // What was kept may go without this field: a change of the store takes its password along. One that was just saved is
  // kept before main's word of it has come.
  const [wasSet, setWasSet] = useState(shown.isSet);
  if (wasSet !== shown.isSet) {
    setWasSet(shown.isSet);
    if (!shown.isSet && mode === 'kept') setMode('typed');
  }
  const source = isOwn(shown) ? null : shown;
  const field = useTyped(name, '', source, isRequired && mode === 'typed');
  const isKept = mode === 'kept';
  const edit = isKept || source !== null ? null : mode === 'removed' ? '' : field.text.trim();
  const keep = (): void => {
    field.change('');
    setMode('kept');
  };
  return {
    ...field,
    isKept,
    isRemoved: mode === 'removed',
    // An empty field where nothing is kept changes nothing.
    edit: edit === '' && !shown.isSet ? null : edit,
    replace: () => setMode('typed'),
    keep,
    remove: () => setMode('removed'),
    settle: () => {
      if (mode === 'removed') setMode('typed');
      else if (mode === 'typed' && field.text.trim() !== '') keep();
    },
  };
}

function useTyped(
  name: FieldName,
  initial: string,
  source: ShownValue | null,
  isRequired: boolean,
  simulator?: boolean,
): FieldState {
  const [text, setText] = useState(initial);
  const [toTell, setToTell] = useState<Told>('plain');
  const found = source === null ? FIELD_CHECKS[name](text, simulator) : null;
  const problem = found === 'required' && !isRequired ? null : found;
  const isTold =
    problem !== null &&
    (toTell === 'all' || (problem !== 'required' && (toTell === 'left' || !isUnfinished(problem))));
  return {
    name,
    text,
    source,
    problem,
    told: isTold ? problem : null,
    change: setText,
    leave: () => setToTell((told) => (told === 'all' ? told : 'left')),
    reveal: () => setToTell('all'),
  };
}

/** Whether all may be sent; if not, everything is told and the first wrong field gets the focus. */
export function allFine(fields: readonly FieldState[]): boolean {
  for (const field of fields) field.reveal();
  const wrong = fields.find(({ problem }) => problem !== null);
  if (wrong === undefined) return true;
  document.querySelector<HTMLElement>(`[name="${wrong.name}"]`)?.focus();
  return false;
}
