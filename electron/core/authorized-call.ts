/**
 * A call with the shop's access token, the way its own programs should make one: load the set, use it; refresh first
 * where it has expired, refresh and try once more where the API answers 401. It serves "Test the connection".
 */
import { isAccessUsable } from '../../shared/due.ts';
import type { AdminApi, Clock } from '../ports.ts';
import type { Keeper, KeeperView } from './keeper.ts';
import type { Outcome } from './keeper-api.ts';

/** The cheapest call that a granted scope allows (docs/cafe24.md, 13); the last needs a scope every app has. */
const PROBES: readonly (readonly [scope: string, path: string])[] = [
  ['mall.read_product', '/admin/products/count'],
  ['mall.read_store', '/admin/store'],
];
const DEFAULT_PROBE = '/admin/webhooks/setting';

interface CallParts {
  readonly keeper: Keeper;
  readonly api: AdminApi;
  readonly clock: Pick<Clock, 'now'>;
}

export type CallAnswer = Awaited<ReturnType<AdminApi['get']>> | { readonly kind: 'no_token' };

/** One GET of the Admin API; at most two requests, at most one refresh. */
export async function callWithToken({ keeper, api, clock }: CallParts, path: string): Promise<CallAnswer> {
  const usable = (view: KeeperView) =>
    view.set && isAccessUsable(view.set, clock.now()) ? view.set.accessToken : null;
  const first = usable(await keeper.look()) ?? usable(await keeper.refresh());
  if (first === null) return { kind: 'no_token' };
  const answer = await api.get(keeper.mall, path, first);
  if (answer.kind !== 'answered' || answer.status !== 401) return answer;
  // Another program may have refreshed a moment ago: its set is as good as one of ours.
  const current = usable(await keeper.look());
  const second = current !== null && current !== first ? current : usable(await keeper.refresh());
  return second === null || second === first ? answer : api.get(keeper.mall, path, second);
}

export async function testConnection(parts: CallParts): Promise<Outcome> {
  const scopes = parts.keeper.view().set?.scopes ?? [];
  const path = PROBES.find(([scope]) => scopes.includes(scope))?.[1] ?? DEFAULT_PROBE;
  const answer = await callWithToken(parts, path);
  switch (answer.kind) {
    case 'no_token': {
      const { state, waitsFor } = parts.keeper.view();
      return { code: state?.reason ?? waitsFor ?? 'test.failed', params: {} };
    }
    case 'failed':
      return { code: answer.code, params: {} };
    case 'answered':
      if (answer.status >= 200 && answer.status < 300) return { code: 'test.ok', params: {} };
      if (answer.status === 401) return { code: 'test.access_token_refused', params: {} };
      if (answer.status === 403) return { code: 'client.forbidden', params: {} };
      if (answer.status === 429) return { code: 'rate.limited', params: {} };
      return { code: 'test.failed', params: { status: answer.status } };
  }
}
