import { codeText } from '../../shared/messages/message.ts';
import { formatDateTime } from '../../shared/seoul-time.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { EXIT, exitOfState, statusJsonOf, UNKNOWN } from '../core/cli-answers.ts';
import { NO_HISTORY } from '../core/historian.ts';
import { mallSnapshotOf } from '../core/mall-snapshot.ts';
import type { Command, CommandContext } from './command.ts';

/** `status`: the state in words, or as JSON for programs. */
export const status: Command = async (context) => {
  const { core, keeper, terminal, json } = context;
  const view = await keeper.look();
  const snapshot = await snapshotOf(context);
  const known = { simulator: core.configuration.simulator, isKnown: view.state !== null };
  if (json) terminal.answer(JSON.stringify(statusJsonOf(snapshot, known)));
  else for (const line of linesOf(snapshot, known, terminal.locale)) terminal.answer(line);
  return view.state ? exitOfState(view.state.state) : EXIT.error;
};

async function snapshotOf({ core, keeper }: CommandContext): Promise<MallSnapshot> {
  const { configuration, store, clock } = core;
  const mall = configuration.malls.find((each) => each.mall === keeper.mall);
  if (!mall) throw new Error(`no configuration for ${keeper.mall}`);
  const facts = await store.facts();
  return mallSnapshotOf({
    configuration: mall,
    view: keeper.view(),
    store: {
      kind: configuration.store.kind === 'local' ? 'local' : 'redis',
      place: facts.ok ? facts.value.place : '',
      warnings: facts.ok ? facts.value.warnings : [],
    },
    flow: { phase: 'idle', last: null },
    cannotReauthorize: null,
    doing: null,
    history: NO_HISTORY,
    lastAction: null,
    now: clock.now(),
  });
}

function linesOf(
  snapshot: MallSnapshot,
  { simulator, isKnown }: { readonly simulator: boolean; readonly isKnown: boolean },
  locale: 'ko' | 'en',
): readonly string[] {
  const { mall, state, reason, reasonParams, deadlineAt, accessExpiresAt, store, notices } = snapshot;
  const why = reason && codeText(locale, reason, reasonParams);
  const at = (time: number | null) => (time === null ? '-' : `${formatDateTime(locale, time)} KST`);
  return [
    [
      mall,
      isKnown ? state : UNKNOWN,
      ...(reason ? [reason] : []),
      ...(simulator ? ['(simulator)'] : []),
    ].join('  '),
    ...(why ? [`reason               ${why.title}. ${why.todo}`] : []),
    `refresh token until  ${at(deadlineAt)}`,
    `access token until   ${at(accessExpiresAt)}`,
    `store                ${store.place || store.kind}${store.reachable === false ? '  (does not answer)' : ''}`,
    ...notices.map(
      ({ code, params }) => `notice               ${code}: ${codeText(locale, code, params).title}`,
    ),
  ];
}
