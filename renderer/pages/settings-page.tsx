import type { Snapshot } from '../../shared/snapshot.ts';
import { PageFrame } from '../parts/page-frame.tsx';
import { ChannelsSection } from '../settings/channels-section.tsx';
import { GeneralSection } from '../settings/general-section.tsx';
import { ShopSection } from '../settings/shop-section.tsx';
import { StoreSection } from '../settings/store-section.tsx';
import { useWords } from '../words.ts';

export function SettingsPage({ snapshot }: { readonly snapshot: Snapshot }) {
  const { say } = useWords();
  const { settings } = snapshot;
  const [first] = settings.shops;
  const mall = first?.mall ?? null;
  return (
    <PageFrame heading={say('page.settings')} snapshot={snapshot}>
      {settings.shops.map((shop) => (
        <ShopSection key={shop.mall} shop={shop} simulator={snapshot.simulator} />
      ))}
      <a className="quiet-button" href="#setup">
        {say('settings.addShop')}
      </a>
      <StoreSection store={settings.store} mall={mall} />
      <ChannelsSection channels={settings.channels} mall={mall} />
      <GeneralSection settings={settings} />
      <p className="quiet hint">{say(settings.areSecretsKept ? 'secret.keyring' : 'secret.memory')}</p>
    </PageFrame>
  );
}
