/**
 * The package for the shop's own programs, in plain Node: `getAccessToken()` and `checkExpiry()` over the same core as the
 * desktop app. Configured by environment variables and the data folder, like the command line.
 */
import { isAccessUsable } from '../shared/due.ts';
import type { MallState } from '../shared/mall-state.ts';
import { locateDataFolder, openDataFolder } from './adapters/data-folder.ts';
import { createClosedVault } from './adapters/secrets/closed-vault.ts';
import { readSettingsFile } from './adapters/settings/read-settings-file.ts';
import { realTimers } from './adapters/timers.ts';
import { type Core, composeCore, openLogging } from './compose-core.ts';
import { exitOfCheck } from './core/cli-answers.ts';
import type { Keeper, KeeperView } from './core/keeper.ts';
import { refreshNow } from './core/refresh-now.ts';

export interface TokenKeeperOptions {
  /** Where the variables of the README are looked up; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The shop, where several are configured. */
  readonly mall?: string;
  /** The data folder; default `CAFE24_KEEPER_HOME`, else the platform's place. */
  readonly dataDir?: string;
}

export interface ExpiryReport {
  readonly mall: string;
  readonly state: MallState;
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

/** One core per configuration in this process: two would be one lease owner by two minds. */
const cores = new Map<string, Promise<Core>>();

/**
 * A valid access token: from memory for at most five minutes and until a new one is published, else from the store,
 * refreshed first where it has expired. Never refreshes while another keeper does.
 *
 * @throws TokenUnavailable with the code of the reason
 */
export async function getAccessToken(options: TokenKeeperOptions = {}): Promise<string> {
  const core = await openCore(options, false);
  const keeper = keeperOf(core, options.mall);
  const remembered = rememberedToken(core, keeper);
  if (remembered !== null) return remembered;
  let token = tokenOf(await keeper.look(), core);
  if (token === null) {
    await refreshNow(keeper, core.clock, realTimers);
    token = tokenOf(keeper.view(), core);
  }
  if (token === null) throw new TokenUnavailable(whyNone(keeper.view()));
  return token;
}

/**
 * The daily check: state, and the warnings that are due by Slack and mail. With `refresh: false` no refresh token is ever
 * redeemed, so that it may run beside keepers that do.
 */
export async function checkExpiry(
  options: TokenKeeperOptions & { readonly refresh?: boolean } = {},
): Promise<ExpiryReport> {
  const core = await openCore(options, options.refresh === false);
  const keeper = keeperOf(core, options.mall);
  const view = await keeper.look();
  const report = await core.alerterOf(keeper.mall).check();
  return {
    mall: keeper.mall,
    state: view.state?.state ?? 'UNCONFIRMED',
    reason: view.state?.reason ?? whyNone(view),
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
  await Promise.all(open.map(async (core) => (await core).stop()));
}

function openCore(options: TokenKeeperOptions, ephemeral: boolean): Promise<Core> {
  const env = options.env ?? process.env;
  const key =
    options.env === undefined
      ? `process ${options.dataDir ?? ''} ${ephemeral}`
      : JSON.stringify([env, options.dataDir, ephemeral]);
  const found = cores.get(key);
  if (found) return found;
  const opening = compose(env, options.dataDir ?? null, ephemeral);
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
  const surroundings = { env, cwd: process.cwd(), packaged: false };
  const dataFolder = await openDataFolder(locateDataFolder(surroundings, dataDir));
  return composeCore({
    ...surroundings,
    dataFolder,
    settings: await readSettingsFile(dataFolder.folder),
    vault: createClosedVault(),
    ephemeral,
    locale: () => 'ko',
    logging: openLogging(dataFolder, { name: 'package', console: false }),
  });
}

function keeperOf({ keepers }: Core, mall: string | undefined): Keeper {
  const found =
    mall === undefined && keepers.length === 1 ? keepers[0] : keepers.find((keeper) => keeper.mall === mall);
  if (!found)
    throw new TokenUnavailable(keepers.length === 0 ? 'client.not_configured' : 'config.missing_value');
  return found;
}

function rememberedToken({ clock }: Core, keeper: Keeper): string | null {
  const view = keeper.view();
  const now = clock.now();
  const readAt = view.sight?.store.kind === 'up' ? view.sight.now : null;
  if (
    readAt === null ||
    now - readAt > CACHED_MS ||
    now < readAt ||
    !view.set ||
    !isAccessUsable(view.set, now)
  )
    return null;
  // It is time to refresh, and the token serves on: nobody has to wait for that.
  if (now >= view.nextLookAt) void keeper.look();
  return view.set.accessToken;
}

function tokenOf({ set }: KeeperView, { clock }: Core): string | null {
  return set && isAccessUsable(set, clock.now()) ? set.accessToken : null;
}

function whyNone({ sight, state, waitsFor }: KeeperView): string {
  if (sight?.store.kind === 'down') return sight.store.code;
  return state?.reason ?? waitsFor ?? 'internal.error';
}
