/**
 * The two promises that hold whatever fails, checked from the simulator's record of token requests, from what the
 * keepers had made durable at that moment, and from what is in store and journals now.
 */
import { expect } from 'vitest';
import { hashOf } from '../../../electron/core/hash.ts';
import { judgeJournal } from '../../../electron/core/knowledge.ts';
import type { TokenRequestRecord } from '../../simulator/token-record.ts';
import { refreshTokenIn, type Scene } from './scene.ts';
import type { RecordLine } from './worker-protocol.ts';

export interface Account {
  /** Refresh tokens that were presented, by hash, in order, with how often. */
  readonly presentations: ReadonlyMap<string, readonly TokenRequestRecord[]>;
  /** Issued sets whose complete answer no journal ever held: each is an honest loss, or the test's own doing. */
  readonly neverJournaled: readonly string[];
}

/** Asserts both promises; what is left to the test is whether the losses are those it planted. */
export async function expectNothingLost(scene: Scene): Promise<Account> {
  const lines = await scene.record();
  const requests = scene.simulator.requests.filter(({ presented }) => presented !== null);
  const presentations = new Map<string, TokenRequestRecord[]>();
  for (const request of requests.filter(({ grantType }) => grantType === 'refresh_token')) {
    const hash = hashOf(String(request.presented));
    presentations.set(hash, [...(presentations.get(hash) ?? []), request]);
  }
  expectPresentedOnceUnlessJournaledWhy(presentations, lines);
  const journaled = new Set(
    lines.flatMap((line) => (line.event === 'journaled' ? [line.refreshTokenHash] : [])),
  );
  await expectFound(scene, journaled, requests);
  const issued = requests.flatMap((request) => (request.issued ? [hashOf(request.issued.refreshToken)] : []));
  return { presentations, neverJournaled: issued.filter((hash) => !journaled.has(hash)) };
}

/** "No refresh token is presented twice unless the journal says why." */
function expectPresentedOnceUnlessJournaledWhy(
  presentations: Account['presentations'],
  lines: readonly RecordLine[],
): void {
  for (const [hash, times] of presentations) {
    const intents = lines.filter((line) => line.event === 'intent' && line.presentedHash === hash);
    const excused = intents.filter((line) => line.event === 'intent' && line.why !== null).length;
    const what = `presentations of ${hash}, with ${excused} reasons in the journal`;
    expect(times.length, what).toBeLessThanOrEqual(1 + excused);
    expect(intents.length, `intents before the ${what}`).toBeGreaterThanOrEqual(times.length);
  }
}

/**
 * "Every refresh token whose complete answer was journaled is found afterwards, in the store or in the journal": every
 * one that is still worth something, which is to say that nobody redeemed it since.
 */
async function expectFound(
  scene: Scene,
  journaled: ReadonlySet<string>,
  requests: readonly TokenRequestRecord[],
): Promise<void> {
  const found = new Set<string>();
  for (const home of scene.homes()) {
    const judged = judgeJournal(await scene.journal(home));
    for (const { set } of judged.attempts) if (set) found.add(set.refreshTokenHash);
    const stored = refreshTokenIn(await scene.store(home));
    if (stored !== null) found.add(hashOf(stored));
  }
  for (const { issued } of requests) {
    const isWorth = issued !== null && scene.simulator.isLive(issued.refreshToken);
    const hash = isWorth ? hashOf(issued.refreshToken) : null;
    if (hash !== null && journaled.has(hash))
      expect(found, `the live token ${hash} was journaled once`).toContain(hash);
  }
}
