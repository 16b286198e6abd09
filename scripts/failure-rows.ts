/** The failures the product is built to survive, by number, and which tests of other suites prove some of them. */

export interface FailureRow {
  readonly number: number;
  readonly failure: string;
  /** Tests that do not carry the row's number in their name: a file, and words of a test's name in it. */
  readonly alsoProvenBy?: readonly (readonly [file: string, words: string])[];
  /** What of the row no test plants yet. */
  readonly missing?: string;
}

const REDIRECT = 'tests/integration/reauthorize/redirect-server.test.ts';
const CONSENT = 'tests/integration/reauthorize/consent.test.ts';
const KEEPER = 'tests/unit/core/keeper.test.ts';
const ALERTER = 'tests/unit/core/alerter.test.ts';
const WIRE = 'tests/integration/adapters/token-endpoint.test.ts';
const SEALING = 'tests/integration/journal/sealing.test.ts';
const JOURNAL = 'tests/integration/journal/journal.test.ts';
const SECRET = 'tests/integration/keeper/new-secret.test.ts';
const VAULT = 'tests/integration/configuration/keyring-vault.test.ts';

type Entry = readonly [failure: string, alsoProvenBy?: FailureRow['alsoProvenBy']];

const MISSING: Readonly<Record<number, string>> = {};

const ENTRIES: readonly Entry[] = [
  ['killed after the token answer, before the store has it'],
  ['killed after the request was sent, before the answer'],
  [
    'the answer is lost after the server rotated',
    [[WIRE, 'once a connection came up, what ends without a complete answer is lost']],
  ],
  ['5xx, an HTML page or a cut-off body after the rotation'],
  ['200 with a body that fails validation'],
  ['200 without a new refresh token'],
  [
    'a thousand callers in one process',
    [[KEEPER, 'gives a thousand askers at expiry one request and one set']],
  ],
  [
    'eight processes on one Redis, all due',
    [['tests/integration/keeper/command-line.test.ts', 'at expiry: one token request, eight equal tokens']],
  ],
  ['the lease runs out during a slow answer'],
  ['a process pauses while holding the lease, then writes'],
  ['the lease is released by its owner only'],
  ['`invalid_grant`, but another program had rotated'],
  ['`invalid_grant` while the access token is valid'],
  ['`invalid_client`, also in the guise of `invalid_grant`'],
  ['"Uninstalled app" to everybody for a day'],
  ['429, 403, Retry-After'],
  ['Redis down before the refresh'],
  ['Redis goes down between answer and publish'],
  ['Redis loses the last acknowledged write'],
  ['a READONLY replica after a failover'],
  ['Redis full, or an eviction policy'],
  ['the store restored from an old backup, or flushed'],
  ['another program writes the main key'],
  ['the key holds rubbish, or a wrong type'],
  [
    'quit, shutdown or suspend during a refresh',
    [['tests/integration/shell/shell.test.ts', 'Quit waits for what runs, but not for ever']],
  ],
  ['sleep past the due time'],
  [
    'no network after resume',
    [
      [WIRE, 'a name that does not exist'],
      [KEEPER, 'waits 5 s, 15 s, 60 s, 2, 5, 10 and again 10 minutes'],
    ],
  ],
  [
    'the clock jumps',
    [['tests/unit/core/store-away.test.ts', 'nothing is presented while the clock is not trusted']],
  ],
  [
    'hosts in other zones, daylight-saving gaps',
    [['tests/unit/shared/korean-time.test.ts', 'is the same to the millisecond on a host in %s']],
  ],
  ['consent given for another mall, or by another account'],
  ['fewer scopes granted than asked'],
  ['a consent while a refresh is in flight'],
  [
    'stray requests on the local port',
    [
      [REDIRECT, '%s is refused, and told nothing'],
      [REDIRECT, 'by sending slowly is hung up on'],
      [REDIRECT, 'by many connections gets only so many'],
    ],
  ],
  [
    'the callback twice, late, or without its cookie',
    [
      [CONSENT, 'as the second of two at once: the first wins'],
      [CONSENT, 'gets 410 and why, and nothing is exchanged'],
      [CONSENT, 'in another browser than it began in gets 400'],
    ],
  ],
  [
    'the port and its spares are busy',
    [[CONSENT, 'whose port is busy is finished by pasting, offered at once']],
  ],
  [
    'the operator closes the tab, or refuses',
    [[CONSENT, 'ends as %s on the page and in the window, and brings no set']],
  ],
  ['a warning channel is down'],
  ['killed between sending a warning and recording it'],
  ['a threshold passed while asleep', [[ALERTER, 'asleep from D-5 to D-1: only D-1 is sent']]],
  ['the deadline moves while a warning is pending', [[ALERTER, 'a consent ends it: one "recovered"']]],
  [
    'journal corrupt, keyring gone, secret mistyped',
    [
      [JOURNAL, 'locked: it is counted, left as it is, and found again with its secret'],
      [SEALING, 'another one opens nothing, and what it cannot open is locked'],
      [SECRET, 'under a mistyped secret the place is locked, not empty'],
      [VAULT, 'keeps secrets in memory only while the keyring is %s'],
      [
        'tests/integration/configuration/in-electron.test.ts',
        'keeps nothing on disk where there is no keyring',
      ],
    ],
  ],
  [
    'disk full',
    [
      [KEEPER, 'a full disk sends no request'],
      [SEALING, 'on a full disk: disk.full, and again when there is room'],
    ],
  ],
  [
    'the renderer crashes or hangs',
    [
      ['tests/integration/shell/shell.test.ts', 'whose process dies is built again, but not for ever'],
      [
        'tests/integration/shell/os-notice.test.ts',
        'is shown once, by main and urgently, when the window stands still',
      ],
    ],
  ],
  ['a second instance is started', [['tests/e2e/configuration.test.ts', 'a second start']]],
  [
    'canary values in tokens, secrets, errors and URLs',
    [
      ['tests/integration/configuration/log.test.ts', 'reach no line of the log once they are learned'],
      [JOURNAL, 'stands readable in no file of the data folder'],
    ],
  ],
  ['a consent with a dead lease, or with Redis down'],
  ['app and command line at once on one local store'],
  ['a data folder that cannot keep anything'],
  ['another program exchanges the code meanwhile'],
  ['Redis unreachable at the moment of a warning'],
];

export const FAILURE_ROWS: readonly FailureRow[] = ENTRIES.map(([failure, alsoProvenBy], index) => ({
  number: index + 1,
  failure,
  ...(alsoProvenBy ? { alsoProvenBy } : {}),
  ...(MISSING[index + 1] === undefined ? {} : { missing: MISSING[index + 1] }),
}));
