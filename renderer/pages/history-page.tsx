import { useState } from 'react';
import { durationText } from '../../shared/countdown.ts';
import type { Doer } from '../../shared/history.ts';
import type { Locale } from '../../shared/locale.ts';
import { codeText, text } from '../../shared/messages/message.ts';
import { formatDate, formatTime } from '../../shared/seoul-time.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import type { Stage } from '../../shared/warnings.ts';
import { type Received, useAnswer } from '../bridge.ts';
import { HistoryMark } from '../parts/history-mark.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { ShopList } from '../parts/shop-list.tsx';
import {
  type HistoryLine,
  historyDaysOf,
  historyShapeOf,
  historyToneOf,
  reasonBesideState,
} from '../view/history-view.ts';
import { useWords } from '../words.ts';

/** What happened to a shop in the last 90 days, in plain words. */
export function HistoryPage({ received }: { readonly received: Received }) {
  const { snapshot } = received;
  const { say } = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const mall = snapshot.malls.find((each) => each.mall === chosen) ?? snapshot.malls[0];
  return (
    <PageFrame heading={say('page.history')} snapshot={snapshot}>
      {mall && (
        <>
          <ShopList
            malls={snapshot.malls}
            shown={mall.mall}
            now={snapshot.at}
            counts={false}
            onShow={setChosen}
          />
          <Days key={mall.mall} mall={mall} />
        </>
      )}
      <p className="quiet small">{say('history.kept')}</p>
    </PageFrame>
  );
}

function Days({ mall }: { readonly mall: MallSnapshot }) {
  const { locale, say } = useWords();
  // Asked for again whenever there is more of it.
  const answer = useAnswer({ do: 'history', mall: mall.mall }, mall.historyRevision);
  if (answer === null) return <section className="card quiet">{say('connecting.heading')}</section>;
  const entries = answer.history ?? [];
  if (entries.length === 0) return <section className="card quiet">{say('history.empty')}</section>;
  return historyDaysOf(entries).map(({ at, lines }) => (
    <section key={at} className="card history" aria-labelledby={`day-${at}`}>
      <h2 id={`day-${at}`}>{formatDate(locale, at)}</h2>
      <ol>
        {lines.map((line) => (
          <Line key={`${line.fromAt} ${line.toAt} ${JSON.stringify(line.entry)}`} line={line} />
        ))}
      </ol>
    </section>
  ));
}

function Line({ line }: { readonly line: HistoryLine }) {
  const { locale } = useWords();
  const { entry, fromAt, toAt, count } = line;
  const { title, more } = wordsOf(locale, line);
  // A gap may begin days before: how long it was stands in its words.
  const time = count > 1 ? `${formatTime(fromAt)} – ${formatTime(toAt)}` : formatTime(toAt);
  return (
    <li
      className={`history__line tone-${historyToneOf(entry)}`}
      data-testid="history-line"
      data-kind={entry.kind}
      data-at={entry.at}
      data-count={count}
      data-code={'code' in entry ? entry.code : undefined}
    >
      <HistoryMark shape={historyShapeOf(entry)} />
      <span>
        {title}
        {more !== null && <span className="quiet"> · {more}</span>}
      </span>
      <time dateTime={new Date(toAt).toISOString()}>{time}</time>
    </li>
  );
}

interface Words {
  readonly title: string;
  readonly more: string | null;
}

function wordsOf(locale: Locale, { entry, count }: HistoryLine): Words {
  switch (entry.kind) {
    case 'refreshed':
      return {
        title:
          count > 1
            ? text(locale, 'history.refreshed.other', { count })
            : text(locale, 'history.refreshed.one'),
        more: doerOf(locale, entry.by),
      };
    case 'connected': {
      const { account } = entry;
      const by = doerOf(locale, entry.by);
      const more = account === null ? by : `${text(locale, 'history.account', { account })} · ${by}`;
      return { title: text(locale, 'history.connected'), more };
    }
    case 'adopted':
      return { title: text(locale, 'history.adopted'), more: null };
    case 'disconnected':
      return { title: text(locale, 'history.disconnected'), more: doerOf(locale, entry.by) };
    case 'failed':
      return {
        title: codeText(locale, entry.code).title,
        more: entry.by.isHere ? null : doerOf(locale, entry.by),
      };
    case 'state': {
      const reason = reasonBesideState(entry.reason);
      return {
        title: text(locale, 'history.state', { state: text(locale, `state.${entry.state}`) }),
        more: reason === null ? null : codeText(locale, reason).title,
      };
    }
    case 'gap':
      return { title: text(locale, 'history.gap'), more: durationText(locale, entry.at, entry.until) };
    case 'warned':
      return {
        title: text(locale, 'history.warned', { stage: stageOf(locale, entry.stage) }),
        more: text(locale, `history.channel.${entry.channel}`),
      };
    case 'warning_failed':
      return {
        title: text(locale, 'history.warningFailed', { stage: stageOf(locale, entry.stage) }),
        more: `${text(locale, `history.channel.${entry.channel}`)} · ${codeText(locale, entry.code).title}`,
      };
  }
}

function stageOf(locale: Locale, stage: Stage): string {
  switch (stage) {
    case 'D-3':
    case 'D-2':
    case 'D-1':
      return stage;
    case 'recovered':
      return text(locale, 'state.HEALTHY');
    default:
      return text(locale, `state.${stage}`);
  }
}

function doerOf(locale: Locale, { isHere, host }: Doer): string {
  return isHere ? text(locale, 'history.here') : (host ?? text(locale, 'history.elsewhere'));
}
