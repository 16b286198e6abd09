/**
 * The package for the shop's own programs, in plain Node: `getAccessToken()` and `checkExpiry()` over the same core as the
 * desktop app. Configured by environment variables and the data folder, like the command line.
 */
import { accessUsableUntil, isAccessUsable } from '../shared/due.ts';
import type { MallState } from '../shared/mall-state.ts';
import { realTimers } from './adapters/timers.ts';
import type { Core } from './compose-core.ts';
import { composeHeadless } from './compose-headless.ts';
import { exitOfCheck, UNKNOWN } from './core/cli-answers.ts';
import type { Keeper, KeeperView } from './core/keeper.ts';
import { refreshNow } from './core/refresh-now.ts';

export interface TokenKeeperOptions {
  /** Where the variables of the README are looked up; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The shop, where several are configured. */
  readonly mall?: string;
  /** The data folder; default `CAFE24_KEEPER_HOME`, else the platform's place. */
  readonly dataDir?: string;
  /** How old what is remembered may be, in ms: at most and by default five minutes; 0 asks the store each time. */
  readonly maxAgeMs?: number;
}

export interface ExpiryReport {
  readonly mall: string;
  /** `UNKNOWN` where neither the store nor this machine could tell. */
  readonly state: MallState | typeof UNKNOWN;
  /** A code of the README; null when all is well. */
  readonly reason: string | null;
  /** The refresh token's deadline, epoch ms; null when the shop was never connected. */
  readonly refreshTokenExpiresAt: number | null;
  /** Warnings that left with this check, as `stage:channel`, and those that failed, with their code. */
  readonly sent: readonly string[];
  readonly failed: readonly { readonly warning: string; readonly code: string }[];
  /** What the command line's `check-expiry` would have ended with: 0, 1, 3 or 4. */
  readonly exitCode: number;
}

/** No valid access token can be had now. `code` says why, as in the README. */
export class TokenUnavailable extends Error {
  override readonly name = 'TokenUnavailable';
  readonly code: string;
  constructor(code: string) {
    super(`no valid access token: ${code}`);
    this.code = code;
  }
}

/** What another program may cache (README, "For the engineer"). A published change comes in at once. */
const CACHED_MS = 5 * 60_000;

/** A token that may be handed out again. `text` is what stood in the store when it was seen. */
interface Remembered {
  readonly token: string;
  readonly text: string;
  readonly usableUntil: number;
  seenAt: number;
}

interface Opened {
  readonly core: Core;
  /** By mall; a published change takes it out. */
  readonly remembered: Map<string, Remembered>;
  /** Counts published changes: what was read before one of them is not remembered after it. */
  changes: number;
  /** The server is being asked for the time; shared by all who wait for it. */
  verifying: Promise<void> | null;
}

/** One core per configuration in this process: two would be one lease owner by two minds. */
const cores = new Map<string, Promise<Opened>>();
/** Those that are open, so that the usual call waits for nothing. */
const ready = new Map<string, Opened>();

/**
 * A valid access token: from memory for at most five minutes and until a new one is published, else from the store,
 * refreshed first where it has expired. Never refreshes while another keeper does.
 *
 * @throws TokenUnavailable with the code of the reason
 */
export async function getAccessToken(options: TokenKeeperOptions = {}): Promise<string> {
  const key = keyOf(options, false);
  const opened = ready.get(key) ?? (await open(key, options, false));
  const { core } = opened;
  const keeper = keeperOf(core, options.mall);
  const { mall } = keeper;
  const now = core.clock.nowUnlessParted() ?? (await timeAfterVerifying(opened));
  const known = opened.remembered.get(mall);
  if (known && now < known.usableUntil && now >= known.seenAt) {
    const isYoung = now - known.seenAt <= Math.min(options.maxAgeMs ?? CACHED_MS, CACHED_MS);
    const isMemoryAsked = options.maxAgeMs !== 0;
    if ((isMemoryAsked && isYoung) || (await stillStands(opened, mall, known))) {
      // It is time to refresh, and the token serves on: nobody has to wait for that.
      if (now >= keeper.nextLookAt()) void lookAndRemember(opened, keeper);
      return known.token;
    }
  }
  const token = (await lookAndRemember(opened, keeper)) ?? (await refreshAndRemember(opened, keeper));
  if (token === null) throw new TokenUnavailable(whyNone(keeper.view()));
  return token;
}

/** A host that has just woken has not noticed it yet, and would hand out what expired in its sleep. */
async function timeAfterVerifying(opened: Opened): Promise<number> {
  const { clock } = opened.core;
  opened.verifying ??= clock.verify().finally(() => {
    opened.verifying = null;
  });
  await opened.verifying;
  return clock.now();
}

/** One GET: a text that did not change says all that a look would. */
async function stillStands({ core }: Opened, mall: string, known: Remembered): Promise<boolean> {
  const askedAt = core.clock.now();
  const stored = await core.store.readText(mall);
  if (!stored.ok || stored.value !== known.text) return false;
  known.seenAt = askedAt;
  return true;
}

async function lookAndRemember(opened: Opened, keeper: Keeper): Promise<string | null> {
  const { changes } = opened;
  const view = await keeper.look();
  return remember(opened, keeper, view, changes === opened.changes);
}

async function refreshAndRemember(opened: Opened, keeper: Keeper): Promise<string | null> {
  await refreshNow(keeper, opened.core.clock, realTimers, 'program');
  // Its own publication is announced too: the next call reads once and remembers that.
  return remember(opened, keeper, keeper.view(), false);
}

/** The token of a view, which is remembered where it stands in the store. */
function remember(
  { core, remembered }: Opened,
  { mall }: Keeper,
  view: KeeperView,
  isNewest: boolean,
): string | null {
  const { set, sight } = view;
  const now = core.clock.now();
  if (!set || !isAccessUsable(set, now)) return null;
  const text = sight?.store.kind === 'up' ? sight.store.view.text : null;
  if (isNewest && text !== null && sight?.newest?.kind === 'set' && sight.newest.fromStore)
    remembered.set(mall, {
      token: set.accessToken,
      text,
      usableUntil: accessUsableUntil(set, now),
      seenAt: sight.now,
    });
  return set.accessToken;
}

/**
 * The daily check: state, and the warnings that are due by Slack and mail. With `refresh: false` no refresh token is ever
 * redeemed, so that it may run beside keepers that do.
 */
export async function checkExpiry(
  options: TokenKeeperOptions & { readonly refresh?: boolean } = {},
): Promise<ExpiryReport> {
  const isEphemeral = options.refresh === false;
  const { core } = await open(keyOf(options, isEphemeral), options, isEphemeral);
  const keeper = keeperOf(core, options.mall);
  // A route is often called once in its process's life; what else happens in a long one can wait for a verified time.
  const distrust = core.clock.trustStoreTime();
  try {
    return await reportOf(core, keeper);
  } finally {
    distrust();
  }
}

async function reportOf(core: Core, keeper: Keeper): Promise<ExpiryReport> {
  const view = await keeper.look();
  const report = await core.alerterOf(keeper.mall).checkOnce();
  return {
    mall: keeper.mall,
    state: view.state?.state ?? UNKNOWN,
    reason: view.state ? view.state.reason : whyNone(view),
    refreshTokenExpiresAt: view.set?.refreshTokenExpiresAt ?? null,
    sent: report.sent.map(({ stage, channel }) => `${stage}:${channel}`),
    failed: report.failures.map(({ warning, failure }) => ({
      warning: `${warning.stage}:${warning.channel}`,
      code: failure.code,
    })),
    exitCode: exitOfCheck(view, report),
  };
}

/** Closes every connection of this module; a program that is to end calls it last. */
export async function close(): Promise<void> {
  const open = [...cores.values()];
  cores.clear();
  ready.clear();
  await Promise.all(open.map(async (opened) => (await opened).core.stop()));
}

function keyOf(options: TokenKeeperOptions, ephemeral: boolean): string {
  if (options.env !== undefined) return JSON.stringify([options.env, options.dataDir, ephemeral]);
  // The usual call builds no text.
  if (options.dataDir === undefined) return ephemeral ? 'process, read only' : 'process';
  return `process ${options.dataDir} ${ephemeral}`;
}

function open(key: string, options: TokenKeeperOptions, ephemeral: boolean): Promise<Opened> {
  const found = cores.get(key);
  if (found) return found;
  const opening = compose(options.env ?? process.env, options.dataDir ?? null, ephemeral).then((core) => {
    const opened: Opened = { core, remembered: new Map(), changes: 0, verifying: null };
    core.store.onChanged((mall) => {
      opened.remembered.delete(mall);
      opened.changes += 1;
    });
    if (cores.get(key) === opening) ready.set(key, opened);
    return opened;
  });
  cores.set(key, opening);
  // A core that could not be opened is tried anew by the next call.
  opening.catch(() => cores.delete(key));
  return opening;
}

async function compose(
  env: NonNullable<TokenKeeperOptions['env']>,
  dataDir: string | null,
  ephemeral: boolean,
): Promise<Core> {
  const opened = await composeHeadless({
    env,
    dataDir,
    ephemeral,
    name: 'package',
    locale: () => 'ko',
    isEnough: ({ malls }) => malls.length > 0,
  });
  if (opened.kind === 'idle') throw new TokenUnavailable('client.not_configured');
  return opened.core;
}

function keeperOf({ keepers }: Core, mall: string | undefined): Keeper {
  const found =
    mall === undefined && keepers.length === 1 ? keepers[0] : keepers.find((keeper) => keeper.mall === mall);
  if (!found)
    throw new TokenUnavailable(keepers.length === 0 ? 'client.not_configured' : 'config.missing_value');
  return found;
}

function whyNone({ sight, state, waitsFor }: KeeperView): string {
  if (sight?.store.kind === 'down') return sight.store.code;
  return state?.reason ?? waitsFor ?? 'internal.error';
}
