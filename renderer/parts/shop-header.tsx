import type { MallSnapshot } from '../../shared/snapshot.ts';
import { useWords } from '../words.ts';
import { StateChip } from './state-chip.tsx';

export function ShopHeader({
  mall,
  simulator,
}: {
  readonly mall: MallSnapshot;
  readonly simulator: boolean;
}) {
  return (
    <header className="shop">
      <div className="shop__names">
        <div className="shop__title">
          <h1>{mall.mall}</h1>
          {simulator && <SimulatorBadge />}
        </div>
        <p>{mall.mall}.cafe24.com</p>
      </div>
      <StateChip mall={mall} />
    </header>
  );
}

export function SimulatorBadge() {
  const { say } = useWords();
  return (
    <span className="badge" title={say('simulator.explained')}>
      {say('simulator')}
    </span>
  );
}
