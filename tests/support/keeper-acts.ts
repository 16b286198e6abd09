/** What a test of the core does with a shop by hand, and reads back: its place in the store, what its server saw. */
import { answer, type Bench, HOUR } from './keeper-bench.ts';

/** Cafe24 knows the refresh token no more. */
export const REFUSED = answer(400, { error: 'invalid_grant', error_description: 'Invalid refresh_token' });

/** All that the store holds of the shop. */
export function place({ store }: Bench) {
  return store.place('myshop');
}

/** Lays a new set into the store as another program would, issued `at` or now; gives its refresh token. */
export function put(bench: Bench, at?: number): string {
  const issued = bench.server.issue(at);
  place(bench).text = issued.text;
  return issued.refreshToken;
}

/** The set in the store. */
export function stored(bench: Bench): { readonly access_token: string; readonly refresh_token: string } {
  return JSON.parse(place(bench).text ?? 'null');
}

/** The refresh tokens that were presented, in their order. */
export function presented({ server }: Bench): readonly string[] {
  return server.presented.map(({ refreshToken }) => refreshToken);
}

/** A keeper that looked once at a set which is due at once. */
export async function atExpiry(
  bench: Bench,
): Promise<{ keeper: ReturnType<Bench['keeper']>; token: string }> {
  const token = put(bench);
  const keeper = bench.keeper();
  await keeper.look();
  bench.clock.advance(3 * HOUR);
  return { keeper, token };
}
