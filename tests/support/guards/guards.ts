/**
 * What stands between the tokens and the failures, and how each is proven by its absence: a build without it
 * (`without-guard.ts`) must make every one of its tests fail. `npm run guards` runs exactly those.
 */

export interface Guard {
  readonly name: string;
  /** What it is against, in a sentence. */
  readonly against: string;
  /** How it is taken out: in each file this code, found exactly once, gives way to that. */
  readonly removal: readonly (readonly [file: string, code: string, instead: string])[];
  /** One to three tests that must fail without it. */
  readonly tests: readonly (readonly [file: string, name: string])[];
}

const ORDER = 'tests/unit/core/keeper-order.test.ts';
const REDEEMED = 'tests/unit/core/redeemed-tokens.test.ts';
const NEWER = 'tests/unit/shared/newer-of.test.ts';
const WIRE = 'tests/integration/adapters/token-endpoint.test.ts';
const GENERATION = 'writes nothing and shows what stands there where another generation was expected';

export const GUARDS: readonly Guard[] = [
  {
    name: 'the compare in the script',
    against: 'a process that stood still writes over what came to stand there meanwhile',
    removal: [
      ['electron/adapters/redis/scripts.ts', "if not holds() then return { 'moved', 0, view() } end", ''],
      [
        'electron/adapters/local-store/place.ts',
        "if (!holds(place, change.expect, moment)) return { kind: 'moved' };",
        '',
      ],
    ],
    tests: [
      ['tests/integration/stores/redis-store.test.ts', GENERATION],
      ['tests/integration/stores/local-store.test.ts', GENERATION],
      [
        'tests/integration/failures/several-keepers.test.ts',
        'row 10: and then writes over a consent that came between on the redis store: refused by the compare',
      ],
    ],
  },
  {
    name: 'the newer-of rule',
    against: 'whatever was issued last wins, though its token is spent or a consent came since',
    removal: [
      [
        'shared/newer-of.ts',
        'return prefer(a, b) >= 0 ? a : b;',
        'return issuedAtOf(a) >= issuedAtOf(b) ? a : b;',
      ],
    ],
    tests: [
      [NEWER, 'the later grant wins, also where its issue is earlier and the store holds the other'],
      [NEWER, 'a child beats its parent, also where its grant and issue look older'],
      [NEWER, 'a set whose refresh token is redeemed loses, also as the child of the other'],
    ],
  },
  {
    name: 'lease renewal',
    against: 'the lease ends under a slow answer, and a second keeper begins',
    removal: [
      [
        'electron/core/turn.ts',
        'const stopRenewal = turn.attempt.offline ? () => {} : renewLease(deps);',
        'const stopRenewal = () => {};',
      ],
    ],
    tests: [[ORDER, 'the lease is renewed while an answer is slow']],
  },
  {
    name: 'journal before publish',
    against: 'a keeper that dies before its answer is stored takes the only copy with it',
    removal: [
      [
        'electron/core/turn.ts',
        'await saveAttempt(deps, memory, ended);',
        'memory.unsaved.set(ended.id, ended);',
      ],
    ],
    tests: [[ORDER, 'an answer is in the journal before the store has it']],
  },
  {
    name: 'the intent in meta',
    against: 'nobody knows that a token is in the air, and another keeper presents it too',
    removal: [
      ['electron/core/intent.ts', 'meta: metaOfIntent(openIntentOf(attempt, sight.client)),', 'meta: {},'],
    ],
    tests: [[ORDER, 'a keeper that dies with its request in the air leaves word of it in the store']],
  },
  {
    name: 'the re-read under the lease',
    against: 'a keeper presents what another one redeemed while it waited for the lease',
    removal: [
      [
        'electron/core/turn.ts',
        'memory.freshView = lease.value.view;',
        "memory.freshView = sight.store.kind === 'up' ? sight.store.view : null;",
      ],
      // What was read is compared once more with the intent: without both, nothing is read again.
      [
        'electron/core/intent.ts',
        `        text: view.text,
        generation: generationOf(view.meta),
        meta: intentMark(view.meta),
`,
        '',
      ],
    ],
    tests: [[ORDER, 'a keeper that gets the lease after another one refreshed looks again']],
  },
  {
    name: 'sent or not sent',
    against: 'a request that may have taken effect is tried again as if it had never left',
    removal: [['electron/adapters/token-endpoint.ts', 'isConnected ||= outcome[0] === null;', '']],
    tests: [
      [WIRE, 'reset after the request'],
      [
        'tests/integration/failures/answers.test.ts',
        'row 3: a reset connection is UNCONFIRMED, presented once more after 30 s, then honest',
      ],
    ],
  },
  {
    name: 'the spent list',
    against: 'a token that comes back with an old backup is presented again',
    removal: [['electron/core/see.ts', ' || memory.spent.has(hash)', '']],
    tests: [
      [REDEEMED, 'a foreign set with one is not adopted, never presented, also not after a restart'],
      [REDEEMED, 'a restored backup, companions and all, is known by the list that outlived it'],
    ],
  },
  {
    name: 'the lease left for a request',
    against: 'a host that slept sends under a lease that ended, beside whoever has it now',
    removal: [
      [
        'electron/core/turn.ts',
        'return elapsed.every((ms) => ms >= 0 && LEASE_TTL_MS - ms >= LEASE_NEEDED_MS);',
        'return true;',
      ],
    ],
    tests: [
      [ORDER, 'by the wall clock alone: the host was suspended'],
      [ORDER, 'by the monotonic clock alone: the wall clock was set'],
    ],
  },
];
