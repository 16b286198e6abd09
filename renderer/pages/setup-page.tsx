import { useState } from 'react';
import type { Snapshot } from '../../shared/snapshot.ts';
import { ANOTHER_SHOP, FIRST_RUN, type Step } from '../setup/steps.ts';
import { Wizard } from '../setup/wizard.tsx';

/** The first run, and every further shop. */
export function SetupPage({
  snapshot,
  onDone,
}: {
  readonly snapshot: Snapshot;
  readonly onDone: () => void;
}) {
  const [steps] = useState(() => (snapshot.malls.length === 0 ? FIRST_RUN : ANOTHER_SHOP));
  const [step, setStep] = useState<Step>('shop');
  const [mall, setMall] = useState<string | null>(null);
  const shop = snapshot.settings.shops.find((each) => each.mall === mall) ?? null;
  return (
    <Wizard
      // Fields begin anew with what main now holds: after a `.env` was taken over, and after saving.
      key={JSON.stringify(shop)}
      snapshot={snapshot}
      steps={steps}
      step={step}
      mall={mall}
      onStep={(next) => {
        stay();
        setStep(next);
      }}
      onMall={(named) => {
        stay();
        setMall(named);
      }}
      onDone={() => {
        onDone();
        window.location.hash = '#status';
      }}
    />
  );
}

/** The set-up goes on although there is a shop now. */
function stay(): void {
  window.location.hash = '#setup';
}
