import { formatDateTime } from '../../shared/seoul-time.ts';
import type { MallSnapshot, Snapshot } from '../../shared/snapshot.ts';
import { AboutCard } from '../parts/about-card.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { Row } from '../parts/row.tsx';
import { StateChip } from '../parts/state-chip.tsx';
import { SupportCard } from '../parts/support-card.tsx';
import { useWords } from '../words.ts';

/** What a supporter asks for first. Everything here comes from the snapshot, which holds no secret. */
export function DiagnosticsPage({ snapshot }: { readonly snapshot: Snapshot }) {
  const { locale, say } = useWords();
  const { clock } = snapshot;
  return (
    <PageFrame heading={say('page.diagnostics')} snapshot={snapshot}>
      <SupportCard />
      <section className="card facts">
        <dl>
          <Row name={say('diag.version')}>{snapshot.version}</Row>
          <Row name={say('diag.mode')}>{say(snapshot.simulator ? 'simulator' : 'diag.mode.real')}</Row>
          <Row name={say('diag.clock')}>
            {formatDateTime(locale, snapshot.at)}
            <span className="quiet">
              {' · '}
              {say(clock.verified ? 'diag.clock.verified' : 'diag.clock.unverified')}
            </span>
          </Row>
          <Row name={say('diag.skew')}>
            {say('diag.skew.value', { seconds: (clock.skewMs / 1000).toFixed(1) })}
          </Row>
          <Row name={say('diag.revision')}>{snapshot.revision}</Row>
        </dl>
      </section>
      {snapshot.malls.map((mall) => (
        <MallFacts key={mall.mall} mall={mall} />
      ))}
      <AboutCard />
    </PageFrame>
  );
}

function MallFacts({ mall }: { readonly mall: MallSnapshot }) {
  const { locale, say } = useWords();
  return (
    <section className="card facts">
      <header className="facts__head">
        <h2>{mall.mall}</h2>
        <StateChip mall={mall} />
      </header>
      <dl>
        {mall.reason !== null && (
          <Row name={say('diag.reason')}>
            <code>{mall.reason}</code>
          </Row>
        )}
        {mall.issuedAt !== null && (
          <Row name={say('diag.issued')}>{formatDateTime(locale, mall.issuedAt)}</Row>
        )}
        {mall.deadlineSource !== null && (
          <Row name={say('diag.source')}>{say(`diag.source.${mall.deadlineSource}`)}</Row>
        )}
        <Row name={say('fact.store')}>
          <code>{mall.store.place}</code>
        </Row>
        {mall.scopes.length > 0 && (
          <Row name={say('fact.scopes')}>
            <code>{mall.scopes.join(', ')}</code>
          </Row>
        )}
      </dl>
    </section>
  );
}
