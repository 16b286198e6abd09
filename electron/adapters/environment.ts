/** Gathers the layers of variables: the process environment and the two `.env` files. What they mean is not its business. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';
import type { ConfigurationProblem } from '../../shared/configuration.ts';
import { layerOf, type VariableLayer } from '../../shared/configuration-layers.ts';

/** The process environment, or a part of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
  /** A packaged app is started from anywhere: a `.env` in the working folder is somebody else's. */
  readonly packaged: boolean;
}

export interface GatheredLayers {
  /** Highest precedence first. */
  readonly layers: readonly VariableLayer[];
  readonly problems: readonly ConfigurationProblem[];
}

export function gatherLayers({ env, cwd, packaged }: Surroundings, dataFolder: string): GatheredLayers {
  const files: { readonly layer: VariableLayer['layer']; readonly folder: string }[] = [
    { layer: 'data-folder-env', folder: path.resolve(dataFolder) },
  ];
  const working = path.resolve(cwd);
  if (!packaged && working !== files[0]?.folder) files.push({ layer: 'working-folder-env', folder: working });
  const read = files.map(({ layer, folder }) => readEnvFile(layer, folder));
  return {
    layers: [layerOf('environment', env), ...read.flatMap(({ layers }) => layers)],
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** One `.env`; a missing one is an empty layer, an unreadable one a problem. */
export function readEnvFile(layer: VariableLayer['layer'], folder: string): GatheredLayers {
  try {
    const bytes = readFileSync(path.join(folder, '.env'));
    return { layers: [layerOf(layer, parse(textOfEnvFile(bytes)))], problems: [] };
  } catch (error) {
    if (isMissing(error)) return { layers: [], problems: [] };
    return { layers: [], problems: [{ code: 'config.invalid_value', name: '.env', layer }] };
  }
}

/** The product's variables in a `.env` that a person handed over. */
export function readEnvText(text: string): VariableLayer {
  return layerOf('data-folder-env', parse(text));
}

/** Windows editors write a byte order mark, some of them UTF-16. */
function textOfEnvFile(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  // ENOTDIR: a part of the path is a file, so there is no such file either.
  return code === 'ENOENT' || code === 'ENOTDIR';
}
