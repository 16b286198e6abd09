/** A layer of the configuration, cut down to what the product may look at. */
import type { Layer } from './configuration.ts';
import { LOOKS_LIKE_TOKEN, VARIABLE_NAMES, type VariableName } from './configuration-variables.ts';

export interface VariableLayer {
  readonly layer: Exclude<Layer, 'settings' | 'default'>;
  /** Trimmed; an empty value is absent. */
  readonly values: Readonly<Partial<Record<VariableName, string>>>;
  /** Names of variables that look like tokens. Their values went no further than the test for emptiness. */
  readonly tokenNames: readonly string[];
}

/** Picks the product's variables out of an environment or a parsed `.env`. */
export function layerOf(
  layer: VariableLayer['layer'],
  variables: Readonly<Record<string, string | undefined>>,
): VariableLayer {
  const values: Partial<Record<VariableName, string>> = {};
  for (const name of VARIABLE_NAMES) {
    const value = variables[name]?.trim();
    if (value) values[name] = value;
  }
  const tokenNames = Object.keys(variables)
    .filter((name) => LOOKS_LIKE_TOKEN.test(name) && !isBlank(variables[name]))
    .sort();
  return { layer, values, tokenNames };
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}
