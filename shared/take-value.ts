/** Takes values out of layers one by one, noting where each came from and what was wrong with it. */
import type { Code } from './codes.ts';
import type { ConfigurationProblem, Layer } from './configuration.ts';
import type { VariableLayer } from './configuration-layers.ts';
import type { VariableName } from './configuration-variables.ts';
import { done, failed, type Result } from './result.ts';
import type { SecretReference } from './settings-schema.ts';

/** What the vault said about each secret that Settings refer to, by its name there. */
export type OpenedSecrets = ReadonlyMap<string, Result<string>>;

export interface Taker {
  /**
   * The first layer that has the value, else Settings; null when nobody has it. A wrong value is a problem and the
   * end of the search: going on to the next layer would use something nobody asked for.
   */
  take<T>(
    name: VariableName,
    fromSettings: Result<string> | null,
    parse: (text: string) => Result<T>,
  ): Result<T> | null;
  report(code: Code, name: string, layer: Layer): void;
  /** The layer of a value taken before; `default` where there was none. */
  sourceOf(name: VariableName): Layer;
  readonly sources: Readonly<Record<string, Layer>>;
  readonly problems: readonly ConfigurationProblem[];
}

/** `layers`: highest precedence first. */
export function takerFrom(layers: readonly VariableLayer[]): Taker {
  const sources: Record<string, Layer> = {};
  const problems: ConfigurationProblem[] = [];
  return {
    take(name, fromSettings, parse) {
      const holder = layers.find(({ values }) => values[name] !== undefined);
      const own = holder?.values[name];
      const text = own === undefined ? fromSettings : done(own);
      const layer = holder?.layer ?? 'settings';
      sources[name] = text === null ? 'default' : layer;
      if (text === null) return null;
      const parsed = text.ok ? parse(text.value) : text;
      if (!parsed.ok) problems.push({ code: parsed.code, name, layer });
      return parsed;
    },
    report: (code, name, layer) => void problems.push({ code, name, layer }),
    sourceOf: (name) => sources[name] ?? 'default',
    sources,
    problems,
  };
}

/** A text of Settings; an empty one is absent, as in the other layers. */
export function savedText(text: string | null | undefined): Result<string> | null {
  const trimmed = text?.trim();
  return trimmed ? done(trimmed) : null;
}

/** A secret that Settings refer to: absent, opened, or the reason why it cannot be. */
export function savedSecret(
  reference: SecretReference | null | undefined,
  secrets: OpenedSecrets,
): Result<string> | null {
  if (!reference) return null;
  return secrets.get(reference.keyring) ?? failed('config.secret_in_keyring');
}

export function valueOrNull<T>(result: Result<T> | null): T | null {
  return result?.ok ? result.value : null;
}
