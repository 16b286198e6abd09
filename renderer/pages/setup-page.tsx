import type { Snapshot } from '../../shared/snapshot.ts';
import { PageFrame } from '../parts/page-frame.tsx';
import { EnvFilePlace, Variables } from '../parts/variables.tsx';
import { useWords } from '../words.ts';

/** No shop is configured: exactly what to set, and where. */
export function SetupPage({ snapshot }: { readonly snapshot: Snapshot }) {
  const { say } = useWords();
  return (
    <PageFrame heading={say('app.name')} snapshot={snapshot}>
      <section className="card welcome" data-testid="alert" data-code="client.not_configured">
        <h2>{say('setup.heading')}</h2>
        <p>{say('setup.lead')}</p>
        <Variables />
        <EnvFilePlace />
      </section>
    </PageFrame>
  );
}
