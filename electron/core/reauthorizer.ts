/**
 * Re-authorization of one mall: one flow at a time, from the click to the stored set (docs/keeper.md, 20).
 * The rules are in `consent-flow.ts`; here a flow opens its server and its tab, waits, and ends exactly once.
 */
import type { Code } from '../../shared/codes.ts';
import { apiOriginOf, type MallConfiguration } from '../../shared/configuration.ts';
import { parseCallback, parsePasted } from '../../shared/pasted.ts';
import { CALLBACK_PATH, LOCAL_PORTS } from '../../shared/redirect-uri.ts';
import { unreachable } from '../../shared/result.ts';
import type { ActionResult, FlowSnapshot } from '../../shared/snapshot.ts';
import type {
  Browser,
  Clock,
  Log,
  Randomness,
  RedirectReply,
  RedirectRequest,
  RedirectServers,
  Timers,
} from '../ports.ts';
import { createClosingServer } from './closing-server.ts';
import {
  addressesOf,
  codeOfLateAnswer,
  endsWell,
  judgeCallback,
  judgePaste,
  makeSecrets,
  preflight,
  sameSecret,
  type Verdict,
} from './consent-flow.ts';
import { type ConsentWait, flowSnapshotOf, leftMs, newConsentWait } from './consent-wait.ts';
import type { ConsentTaker, GrantWatch, Outcome } from './keeper-api.ts';

/** Short, so that a simulator that was moved ends the wait too. */
const LOOK_EVERY_MS = 1_000;
/** A double click, or a notice clicked together with the tray, is one wish for one tab. */
const SAME_CLICK_MS = 3_000;

export interface ReauthorizerParts {
  readonly mall: string;
  /** Read at every start: a corrected setting counts at the next click. */
  readonly settings: () => { readonly mall: MallConfiguration; readonly apiOrigin: string };
  readonly keeper: ConsentTaker & GrantWatch;
  readonly servers: RedirectServers;
  readonly browser: Browser;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Randomness;
  readonly log: Log;
  /** After every change of `flow()`. */
  readonly onChange: () => void;
}

export interface Reauthorizer {
  /**
   * A person asks for a consent: preflight, local server, one tab. While a flow waits, its tab is opened again.
   * Resolves once the tab was asked for, with what there is to say (also where it cannot start), or null.
   */
  start(): Promise<Outcome | null>;
  /** Ends the wait. An exchange that has begun is not stopped: its code is used up. */
  cancel(): void;
  /** Opens the tab of a waiting flow again. */
  openAgain(): Promise<Outcome | null>;
  /** The address a waiting flow's tab opens, for another browser; null while none waits. */
  link(): string | null;
  /** Takes what a person pasted into a waiting flow; resolves with a hint, or with how the flow ended. */
  paste(text: string): Promise<Outcome>;
  flow(): FlowSnapshot;
  /** Why `start` would be refused now; null when it would not. */
  cannotStart(): Code | null;
  /** Ends everything: waits for an exchange that has begun, and closes the server. */
  stop(): Promise<void>;
}

export function createReauthorizer(parts: ReauthorizerParts): Reauthorizer {
  const { mall, keeper, servers, browser, clock, timers, random, log } = parts;
  let current: ConsentWait | null = null;
  let last: ActionResult | null = null;
  let exchange: Promise<Outcome> | null = null;
  const former = createClosingServer(timers);
  let stopped = false;

  function result(outcome: Outcome): ActionResult {
    return { code: outcome.code, params: outcome.params, at: clock.now() };
  }

  function waiting(): ConsentWait | null {
    if (current?.stage !== 'waiting') return null;
    if (leftMs(current, clock) > 0) return current;
    end(current, { code: 'consent.timeout', params: {} });
    return null;
  }

  function end(flow: ConsentWait, outcome: Outcome): void {
    if (flow.stage === 'ended') return;
    flow.stage = 'ended';
    flow.outcome = outcome;
    for (const undo of flow.undo.splice(0)) undo();
    last = result(outcome);
    current = null;
    log.info('consent', `ended: ${outcome.code}`, mall);
    if (flow.server !== null) former.hold(flow.server);
    parts.onChange();
  }

  function say(flow: ConsentWait, outcome: Outcome): void {
    // A page that keeps knocking must not redraw the window each time.
    if (flow.hint?.code === outcome.code) return;
    flow.hint = result(outcome);
    parts.onChange();
  }

  async function start(): Promise<Outcome | null> {
    if (stopped) return null;
    if (waiting() !== null) return openAgain();
    if (current !== null) return null;
    const settings = parts.settings();
    const ready = preflight(settings.mall);
    if (ready.kind === 'cannot_start') {
      last = result(ready.outcome);
      log.warn('consent', `cannot start: ${ready.outcome.code}`, mall);
      parts.onChange();
      return ready.outcome;
    }
    const flow = newConsentWait(ready.plan, makeSecrets(random, ready.plan.pkce), clock);
    current = flow;
    parts.onChange();
    try {
      return await begin(flow, apiOriginOf(settings.apiOrigin, mall));
    } catch (bug) {
      end(flow, { code: 'internal.error', params: {} });
      throw bug;
    }
  }

  async function begin(flow: ConsentWait, apiOrigin: string): Promise<Outcome | null> {
    flow.undo.push(
      keeper.onForeignGrant(() => {
        // While our own code is being exchanged the keeper decides which set stays.
        if (flow.stage !== 'exchanging') end(flow, { code: 'consent.connected_elsewhere', params: {} });
      }),
    );
    await former.close();
    if (flow.stage === 'ended') return last;
    const { redirectUri } = flow.plan;
    const place =
      redirectUri.kind === 'direct'
        ? { ports: [redirectUri.port], host: redirectUri.host, callbackPath: redirectUri.path }
        : { ports: LOCAL_PORTS, host: '127.0.0.1' as const, callbackPath: CALLBACK_PATH };
    const opened = await servers.open(place, (request) => answer(flow, request));
    // Cancelled, or connected elsewhere, in the meantime.
    if (hasEnded(flow)) {
      if (opened.ok) await opened.value.close();
      return last;
    }
    if (opened.ok) {
      flow.server = opened.value;
    } else {
      log.warn('consent', `only by pasting: ${opened.code}`, mall);
      flow.hint = result({ code: opened.code, params: { ports: place.ports.join(', ') } });
    }
    // It is said, not waited for: the keeper judges the answer's times by the server's own Date.
    if (flow.hint === null && !clock.verified()) {
      flow.hint = result({ code: 'clock.unverified', params: {} });
    }
    flow.addresses = addressesOf(flow.plan, flow.secrets, apiOrigin, flow.server?.port ?? null);
    flow.stage = 'waiting';
    watchTime(flow);
    log.info('consent', flow.server ? `waiting on port ${flow.server.port}` : 'waiting for a paste', mall);
    parts.onChange();
    return openTab(flow, flow.addresses.link);
  }

  function watchTime(flow: ConsentWait): void {
    let forget = () => {};
    const look = () => {
      if (waiting() === flow) forget = timers.after(LOOK_EVERY_MS, look);
    };
    flow.undo.push(() => forget());
    look();
  }

  async function openTab(flow: ConsentWait, link: string): Promise<Outcome | null> {
    flow.tabOpenedAt = clock.monotonicMs();
    const opened = await browser.open(link);
    if (opened.ok) return null;
    const outcome: Outcome = { code: 'consent.no_browser', params: {} };
    if (flow.stage === 'waiting') say(flow, outcome);
    return outcome;
  }

  async function openAgain(): Promise<Outcome | null> {
    const flow = waiting();
    if (flow === null || flow.addresses === null) return null;
    if (clock.monotonicMs() - flow.tabOpenedAt < SAME_CLICK_MS) return null;
    return openTab(flow, flow.addresses.link);
  }

  /** Answers what the local server let through. Never throws on what is late: that flow is over, 410 and why. */
  async function answer(flow: ConsentWait, request: RedirectRequest): Promise<RedirectReply> {
    if (waiting() !== flow || flow.addresses === null) {
      return page(410, { code: codeOfLateAnswer(flow.outcome?.code ?? null), params: {} });
    }
    switch (request.kind) {
      case 'start':
        if (!sameSecret(request.query.get('nonce'), flow.secrets.nonce)) {
          return page(403, { code: 'consent.not_started_here', params: {} });
        }
        return { kind: 'redirect', to: flow.addresses.authorizeUrl, cookie: flow.secrets.cookie };
      case 'callback': {
        const { name, value } = flow.secrets.cookie;
        const cookie = { expected: value, given: request.cookies.get(name) };
        const reply = parseCallback((parameter) => request.query.get(parameter));
        const verdict = judgeCallback(reply, flow.addresses.state, cookie, flow.plan.scopes);
        const outcome = await act(flow, verdict);
        if (verdict.kind === 'hint') return page(400, outcome);
        return { ...page(endsWell(outcome.code) ? 200 : 400, outcome), clearCookie: name };
      }
      default:
        return unreachable(request.kind);
    }
  }

  async function paste(text: string): Promise<Outcome> {
    const flow = waiting();
    if (flow === null || flow.addresses === null) return { code: 'consent.closed', params: {} };
    return act(flow, judgePaste(parsePasted(text), flow.addresses.state, flow.plan.scopes));
  }

  async function act(flow: ConsentWait, verdict: Verdict): Promise<Outcome> {
    switch (verdict.kind) {
      case 'hint':
        say(flow, verdict.outcome);
        return verdict.outcome;
      case 'refused':
        end(flow, verdict.outcome);
        return verdict.outcome;
      case 'accepted':
        return redeem(flow, verdict.code);
      default:
        return unreachable(verdict);
    }
  }

  async function redeem(flow: ConsentWait, code: string): Promise<Outcome> {
    flow.stage = 'exchanging';
    log.info('consent', 'a code came, exchanging it', mall);
    const running = outcomeOf(flow, code);
    exchange = running;
    parts.onChange();
    const outcome = await running;
    exchange = null;
    end(flow, outcome);
    return outcome;
  }

  async function outcomeOf(flow: ConsentWait, code: string): Promise<Outcome> {
    const redirectUri = flow.plan.redirectUri.uri;
    try {
      return await keeper.exchange({ code, redirectUri, codeVerifier: flow.secrets.codeVerifier });
    } catch (bug) {
      // A bug must not leave the browser's page and the window waiting for ever.
      log.error('consent', `the exchange threw: ${bug instanceof Error ? bug.name : typeof bug}`, mall);
      return { code: 'internal.error', params: {} };
    }
  }

  return {
    start,
    openAgain,
    paste,
    flow: () => flowSnapshotOf(current, last, clock),
    cancel() {
      if (current !== null && current.stage !== 'exchanging') {
        end(current, { code: 'consent.cancelled', params: {} });
      }
    },
    link: () => waiting()?.addresses?.link ?? null,
    cannotStart() {
      const ready = preflight(parts.settings().mall);
      return ready.kind === 'ready' ? null : ready.outcome.code;
    },
    async stop() {
      stopped = true;
      await exchange;
      if (current !== null) end(current, { code: 'consent.cancelled', params: {} });
      await former.close();
    },
  };
}

/** Asked after a pause: the compiler still believes what was true before it. */
function hasEnded(flow: ConsentWait): boolean {
  return flow.stage === 'ended';
}

function page(status: number, { code, params }: Outcome): RedirectReply & { kind: 'page' } {
  return { kind: 'page', status, code, params };
}
