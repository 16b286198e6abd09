import { useState } from 'react';
import { isFlowRunning } from '../../shared/mall-face.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import type { Received } from '../bridge.ts';
import { ActionBar } from '../parts/action-bar.tsx';
import { Announcer } from '../parts/announcer.tsx';
import { DeadlineCard } from '../parts/deadline-card.tsx';
import { FactsCard } from '../parts/facts-card.tsx';
import { FlowPanel } from '../parts/flow-panel.tsx';
import { Footer } from '../parts/footer.tsx';
import { MallAlert } from '../parts/mall-alert.tsx';
import { Notices } from '../parts/notices.tsx';
import { PausedCard } from '../parts/paused-card.tsx';
import { ShopCare } from '../parts/shop-care.tsx';
import { ShopHeader } from '../parts/shop-header.tsx';
import { ShopList } from '../parts/shop-list.tsx';
import { WelcomeCard } from '../parts/welcome-card.tsx';
import { useServerTime } from '../server-time.ts';
import { alertCodeOf, mainPartOf } from '../view/mall-view.ts';
import { toneOfMall } from '../view/tone.ts';
import { useWords } from '../words.ts';

export function StatusPage({ received }: { readonly received: Received }) {
  const { snapshot } = received;
  const { malls } = snapshot;
  // What the person chose; until then, and when it is gone, the shop of a consent, as in the tray, or the most urgent one.
  const [chosen, setChosen] = useState<string | null>(null);
  const mall = malls.find((each) => each.mall === chosen) ?? malls.find(isFlowRunning) ?? malls[0];
  // Another that becomes more urgent does not take its place, to the end of the consent and what came of it.
  if (mall !== undefined && mall.mall !== chosen && isFlowRunning(mall)) setChosen(mall.mall);
  const now = useServerTime(received, mall?.deadlineAt ?? null);
  if (mall === undefined) return null;
  return (
    <main className={`window tone-${toneOfMall(mall)}`}>
      <div className="window__scroll">
        <ShopList malls={malls} shown={mall.mall} now={now} counts onShow={setChosen} />
        <ShopHeader mall={mall} simulator={snapshot.simulator} />
        {mall.paused && <PausedCard key={`paused ${mall.mall}`} mall={mall} />}
        <Announcer mall={mall} now={now} />
        <FlowPanel key={mall.mall} mall={mall} now={now} />
        <MallAlert mall={mall} now={now} />
        <Notices notices={snapshot.notices} />
        <Notices notices={mall.notices} except={[alertCodeOf(mall), 'keeper.paused']} />
        <MainPart mall={mall} now={now} />
        <FactsCard mall={mall} now={now} />
        <ShopCare
          key={`care ${mall.mall}`}
          mall={mall}
          shop={snapshot.settings.shops.find((each) => each.mall === mall.mall)}
        />
      </div>
      <div className="window__bottom">
        <ActionBar key={mall.mall} mall={mall} now={now} />
        <Footer release={snapshot.release} />
      </div>
    </main>
  );
}

function MainPart({ mall, now }: { readonly mall: MallSnapshot; readonly now: number }) {
  const { say } = useWords();
  const part = mainPartOf(mall);
  switch (part) {
    case 'unseen':
      return <section className="card quiet">{say('connecting.heading')}</section>;
    case 'welcome':
      return <WelcomeCard mall={mall} />;
    case 'deadline':
      return mall.deadlineAt === null ? null : (
        <DeadlineCard mall={mall} deadlineAt={mall.deadlineAt} now={now} />
      );
  }
}
