/** The shops of a configuration: the one a layer of variables names, and those of Settings. */
import type { ConfigurationProblem, Layer, MallConfiguration } from './configuration.ts';
import type { VariableLayer } from './configuration-layers.ts';
import {
  DEFAULT_SCOPES,
  readCredential,
  readMallId,
  readRedirectUri,
  readScopes,
  readSwitch,
} from './configuration-values.ts';
import { SHOP_VARIABLES, type VariableName } from './configuration-variables.ts';
import type { MallSettings } from './settings-schema.ts';
import { type OpenedSecrets, savedSecret, savedText, takerFrom, valueOrNull } from './take-value.ts';

export interface ReadShops {
  readonly malls: readonly MallConfiguration[];
  /** By mall id, then by variable. */
  readonly sources: Readonly<Record<string, Readonly<Record<string, Layer>>>>;
  readonly problems: readonly ConfigurationProblem[];
  /** While there is no shop: the variables of one that no layer has. */
  readonly missing: readonly VariableName[];
}

/** What a shop cannot do without. */
const NEEDED = ['CAFE24_CLIENT_ID', 'CAFE24_CLIENT_SECRET', 'CAFE24_REDIRECT_URI'] as const;

/** Client secrets used before, by mall, newest first. */
export type FormerSecrets = Readonly<Record<string, readonly string[]>>;

/**
 * The first layer that names `CAFE24_MALL_ID` supplies the values of that shop; its gaps are filled from Settings of the
 * same mall only, and other shops never see them (README.md, "Connect a real shop"). An id that is none stops the
 * search: going on to the next layer would quietly keep another shop. `simulator`: the shops are those of
 * CAFE24_API_ORIGIN.
 */
export function readShops(
  layers: readonly VariableLayer[],
  saved: readonly MallSettings[],
  secrets: OpenedSecrets,
  former: FormerSecrets,
  simulator: boolean,
): ReadShops {
  const block = layers.find(({ values }) => values.CAFE24_MALL_ID !== undefined);
  const { take, problems } = takerFrom(block ? [block] : []);
  const named = valueOrNull(take('CAFE24_MALL_ID', null, readMallId));
  const ids = new Set([...(named === null ? [] : [named]), ...saved.map(({ mall }) => mall)]);
  const shops = [...ids].map((mall) =>
    readShop({
      mall,
      block: mall === named ? block : undefined,
      saved: saved.find((settings) => settings.mall === mall),
      secrets,
      formerSecrets: former[mall] ?? [],
      simulator,
    }),
  );
  const isUnset = (name: VariableName) => layers.every(({ values }) => values[name] === undefined);
  return {
    missing: shops.length > 0 ? [] : (['CAFE24_MALL_ID', ...NEEDED] as const).filter(isUnset),
    malls: shops.map((shop) => shop.mall),
    sources: Object.fromEntries(shops.map((shop) => [shop.mall.mall, shop.sources])),
    problems: [...layers.flatMap(headlessProblems), ...problems, ...shops.flatMap((shop) => shop.problems)],
  };
}

/** A layer that gives a shop's values but does not say whose: they are used for none. */
function headlessProblems({ values, layer }: VariableLayer): ConfigurationProblem[] {
  const headless =
    values.CAFE24_MALL_ID === undefined && SHOP_VARIABLES.some((name) => values[name] !== undefined);
  return headless ? [{ code: 'config.missing_value', name: 'CAFE24_MALL_ID', layer }] : [];
}

interface ShopParts {
  readonly mall: string;
  /** The layer that named this shop; absent for a shop of Settings. */
  readonly block: VariableLayer | undefined;
  readonly saved: MallSettings | undefined;
  readonly secrets: OpenedSecrets;
  readonly formerSecrets: readonly string[];
  readonly simulator: boolean;
}

interface ReadShop {
  readonly mall: MallConfiguration;
  readonly sources: Readonly<Record<string, Layer>>;
  readonly problems: readonly ConfigurationProblem[];
}

function readShop({ mall, block, saved, secrets, formerSecrets, simulator }: ShopParts): ReadShop {
  const home: Layer = block?.layer ?? 'settings';
  const { take, report, sourceOf, sources, problems } = takerFrom(block ? [block] : []);

  const clientId = take('CAFE24_CLIENT_ID', savedText(saved?.clientId), readCredential);
  const clientSecret = valueOrNull(
    take('CAFE24_CLIENT_SECRET', savedSecret(saved?.clientSecret, secrets), readCredential),
  );
  const redirectUri = take('CAFE24_REDIRECT_URI', savedText(saved?.redirectUri), (text) =>
    readRedirectUri(text, simulator),
  );
  const scopes = take('CAFE24_SCOPES', savedText(saved?.scopes), readScopes);
  const pkce = take('CAFE24_PKCE', savedText(switchText(saved?.pkce)), readSwitch);

  // What a shop of Settings lacks it says itself, with its name (client.not_configured).
  if (block) {
    for (const name of NEEDED) if (sourceOf(name) === 'default') report('config.missing_value', name, home);
  }
  if (scopes?.ok && scopes.value.spaced) {
    report('config.invalid_value', 'CAFE24_SCOPES', sourceOf('CAFE24_SCOPES'));
  }
  return {
    mall: {
      mall,
      clientId: valueOrNull(clientId),
      clientSecret,
      formerSecrets: formerSecrets.filter((secret) => secret !== clientSecret),
      redirectUri: valueOrNull(redirectUri),
      scopes: scopes === null ? DEFAULT_SCOPES : scopes.ok ? scopes.value.scopes : [],
      pkce: valueOrNull(pkce) ?? false,
      paused: saved?.paused ?? false,
    },
    sources: { CAFE24_MALL_ID: home, ...sources },
    problems,
  };
}

function switchText(on: boolean | null | undefined): string | null {
  if (on === null || on === undefined) return null;
  return on ? '1' : '0';
}
