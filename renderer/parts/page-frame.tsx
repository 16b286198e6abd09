import type { ReactNode } from 'react';
import type { Snapshot } from '../../shared/snapshot.ts';
import { Footer } from './footer.tsx';
import { Notices } from './notices.tsx';
import { SimulatorBadge } from './shop-header.tsx';

interface Props {
  readonly heading: string;
  readonly snapshot: Snapshot;
  readonly children: ReactNode;
}

/** The frame of every page but the status: a heading, the app's notices, the footer. */
export function PageFrame({ heading, snapshot, children }: Props) {
  return (
    <main className="window">
      <div className="window__scroll">
        <header className="shop">
          <div className="shop__names">
            <h1>{heading}</h1>
          </div>
          {snapshot.simulator && <SimulatorBadge />}
        </header>
        <Notices notices={snapshot.notices} />
        {children}
      </div>
      <div className="window__bottom">
        <Footer release={snapshot.release} />
      </div>
    </main>
  );
}
