import type { ReactNode } from 'react';
import { durationText, timeLeft } from '../../shared/countdown.ts';
import { scopeText } from '../../shared/messages/scopes.ts';
import { formatMoment } from '../../shared/seoul-time.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { accessShareOf, mainPartOf } from '../view/mall-view.ts';
import { useWords } from '../words.ts';

/** `redis://`, `rediss://`, `redis+sentinel://`: of no use to the eye; the whole is the row's title. */
const URL_SCHEME = /^[a-z+]+:\/\//;

interface Props {
  readonly mall: MallSnapshot;
  readonly now: number;
}

export function FactsCard({ mall, now }: Props) {
  return (
    <section className="card facts">
      <dl>
        {mainPartOf(mall) === 'deadline' ? <TokenFacts mall={mall} now={now} /> : <StoreFact mall={mall} />}
      </dl>
    </section>
  );
}

/** Only where there are tokens: a list of "none" tells a newcomer nothing. */
function TokenFacts({ mall, now }: Props) {
  const { locale, say } = useWords();
  const scopes = mall.scopes.map((scope) => scopeText(locale, scope));
  return (
    <>
      <AccessToken mall={mall} now={now} />
      <NextRefresh mall={mall} now={now} />
      <Fact name={say('fact.last')}>
        {mall.lastRefreshAt === null ? (
          <span className="quiet">{say('fact.last.none')}</span>
        ) : (
          formatMoment(locale, mall.lastRefreshAt, now)
        )}
      </Fact>
      <StoreFact mall={mall} />
      <Fact name={say('fact.scopes')} title={mall.scopes.join(', ')}>
        {scopes.length > 0 ? scopes.join(', ') : <span className="quiet">{say('fact.scopes.none')}</span>}
      </Fact>
      {mall.userId !== null && <Fact name={say('fact.account')}>{mall.userId}</Fact>}
    </>
  );
}

function Fact({
  name,
  title,
  children,
}: {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="fact" title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function AccessToken({ mall: { accessExpiresAt }, now }: Props) {
  const { locale, say } = useWords();
  if (accessExpiresAt === null) {
    return (
      <Fact name={say('fact.access')}>
        <span className="quiet" data-testid="access">
          {say('fact.access.none')}
        </span>
      </Fact>
    );
  }
  const share = accessShareOf(accessExpiresAt, now);
  return (
    <div className="fact fact--with-bar">
      <dt>{say('fact.access')}</dt>
      <dd data-testid="access" data-expires-at={accessExpiresAt}>
        {timeLeft(locale, accessExpiresAt, now)}
        <svg className="bar" aria-hidden="true">
          <rect className="bar__rail" width="100%" height="4" rx="2" />
          <rect className="bar__left" width={`${(share * 100).toFixed(1)}%`} height="4" rx="2" />
        </svg>
      </dd>
    </div>
  );
}

function NextRefresh({ mall, now }: Props) {
  const { locale, say } = useWords();
  const { nextRefreshAt } = mall;
  if (nextRefreshAt === null) {
    const afterReauth = mall.state === 'NEEDS_REAUTH';
    return (
      <Fact name={say('fact.next')}>
        <span className="quiet" data-testid="next-refresh">
          {say(afterReauth ? 'fact.next.afterReauth' : 'fact.next.none')}
        </span>
      </Fact>
    );
  }
  const distance =
    nextRefreshAt <= now
      ? say('time.soon')
      : say('time.in', { time: durationText(locale, now, nextRefreshAt) });
  return (
    <Fact name={say('fact.next')}>
      <span data-testid="next-refresh" data-at={nextRefreshAt}>
        {formatMoment(locale, nextRefreshAt, now)} <span className="quiet">· {distance}</span>
      </span>
    </Fact>
  );
}

function StoreFact({ mall: { store } }: { readonly mall: MallSnapshot }) {
  const { say } = useWords();
  const answer =
    store.reachable === null
      ? say('store.unseen')
      : !store.reachable
        ? say('store.down')
        : store.latencyMs === null
          ? null
          : say('store.latency', { ms: Math.max(1, Math.round(store.latencyMs)) });
  return (
    <Fact name={say('fact.store')} title={store.place}>
      <span data-testid="store" data-kind={store.kind} data-reachable={String(store.reachable)}>
        {store.kind === 'redis'
          ? say('store.redis', { place: store.place.replace(URL_SCHEME, '') })
          : say('store.local')}
        {answer !== null && (
          <span className={store.reachable === false ? 'strong-bad' : 'quiet'}> · {answer}</span>
        )}
      </span>
    </Fact>
  );
}
