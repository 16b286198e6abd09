/**
 * What a supporter asks for first, as one text: put together from what holds no secret, redacted once more as a whole,
 * shown, and copied exactly as it was shown. In English, with codes: it is for whoever reads the source.
 */
import type { DiagnosticsIntent, IntentReply } from '../../shared/ipc.ts';
import { type Result, unreachable } from '../../shared/result.ts';
import type { MallSnapshot, Notice, Snapshot } from '../../shared/snapshot.ts';
import type { StoreFacts } from '../ports.ts';
import type { Clipboard } from './presenter.ts';

/** A name and what is so. */
export type Fact = readonly [name: string, value: string];

export interface DiagnosticsParts {
  /** Versions, platform, keyring, tray and notices, the data folder. */
  system(): Promise<readonly Fact[]>;
  /** The newest lines of this program's log, oldest first. */
  logTail(): Promise<readonly string[]>;
  /** Hides what is known as a secret, or looks like one. */
  redact(text: string): string;
  openLogFolder(): Promise<Result<void>>;
  readonly clipboard: Clipboard;
}

export interface DiagnosticsDesk {
  handle(intent: DiagnosticsIntent): Promise<IntentReply>;
}

const DONE: IntentReply = { code: null, params: {} };

export function createDiagnosticsDesk(
  parts: DiagnosticsParts & {
    readonly snapshot: () => Snapshot;
    readonly storeFacts: () => StoreFacts | null;
  },
): DiagnosticsDesk {
  let shown: string | null = null;

  async function compile(): Promise<string> {
    const [system, log] = await Promise.all([parts.system(), parts.logTail()]);
    const text = diagnosticsOf({ snapshot: parts.snapshot(), store: parts.storeFacts(), system, log });
    return parts.redact(text);
  }

  return {
    async handle(intent) {
      switch (intent.do) {
        case 'diagnostics':
          shown = await compile();
          return { ...DONE, text: shown };
        case 'copy-diagnostics':
          // What was read before is what leaves, not what has become of it since.
          shown ??= await compile();
          await parts.clipboard.write(shown);
          return DONE;
        case 'open-logs': {
          const opened = await parts.openLogFolder();
          return opened.ok ? DONE : { code: opened.code, params: {} };
        }
        default:
          return unreachable(intent);
      }
    },
  };
}

export function diagnosticsOf(sources: {
  readonly snapshot: Snapshot;
  readonly store: StoreFacts | null;
  readonly system: readonly Fact[];
  readonly log: readonly string[];
}): string {
  const { snapshot, store, system, log } = sources;
  const { clock } = snapshot;
  const sections = [
    section('Cafe24 Token Keeper', [
      ['version', snapshot.version],
      ['target', snapshot.simulator ? 'simulator' : 'Cafe24'],
      ['at', timeOf(snapshot.at)],
      ['clock', `${clock.verified ? 'verified' : 'unverified'}, host ahead by ${clock.skewMs} ms`],
      ['language', snapshot.locale],
    ]),
    section('system', system),
    section('store', storeFactsOf(store)),
    section('notices', noticesOf(snapshot.notices)),
    ...snapshot.malls.map((mall) => section(`shop ${mall.mall}`, mallFactsOf(mall))),
    ['== log', ...log].join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

function section(heading: string, facts: readonly Fact[]): string {
  const width = Math.max(0, ...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return [`== ${heading}`, ...(lines.length > 0 ? lines : ['none'])].join('\n');
}

function storeFactsOf(store: StoreFacts | null): readonly Fact[] {
  if (store === null) return [['state', 'has not answered yet']];
  return [
    ['kind', store.kind],
    ['place', store.place],
    ['version', store.version ?? 'unknown'],
    ...Object.entries(store.details ?? {}),
    ['warnings', store.warnings.join(', ') || 'none'],
  ];
}

function mallFactsOf(mall: MallSnapshot): readonly Fact[] {
  const { store } = mall;
  return [
    ['state', [mall.state, mall.reason, mall.paused ? 'paused' : null].filter(Boolean).join(', ')],
    ['since', timeOf(mall.since)],
    [
      'refresh token until',
      `${timeOf(mall.deadlineAt)} (${mall.deadlineSource ?? '-'}, ${mall.deadlineKind})`,
    ],
    ['issued', timeOf(mall.issuedAt)],
    ['access token until', timeOf(mall.accessExpiresAt)],
    ['next refresh', timeOf(mall.nextRefreshAt)],
    ['refreshes in 14 days', String(mall.refreshes.length)],
    ['store answers', `${store.reachable ?? 'unknown'}, ${store.latencyMs?.toFixed(1) ?? '-'} ms`],
    ['scopes', mall.scopes.join(', ') || '-'],
    ['cannot re-authorize', mall.cannotReauthorize ?? '-'],
    ...noticesOf(mall.notices),
  ];
}

/** By code and, where one is named, the variable it is about. */
function noticesOf(notices: readonly Notice[]): readonly Fact[] {
  return notices.map(({ code, params, tone }) => ['notice', `${code} ${params.name ?? ''} (${tone})`]);
}

function timeOf(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString();
}
