import { codeText } from '../../shared/messages/message.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { Row } from '../parts/row.tsx';
import { useWords } from '../words.ts';

/** What was set, in three lines, and what the last button will do. */
export function ConnectStep({ snapshot, mall }: { readonly snapshot: Snapshot; readonly mall: string }) {
  const { locale, say } = useWords();
  const { store, channels } = snapshot.settings;
  const shop = snapshot.malls.find((each) => each.mall === mall);
  const isAdopted = shop !== undefined && shop.deadlineAt !== null;
  const obstacle = shop?.cannotReauthorize ?? null;
  const told = [
    say('setup.channel.os'),
    ...(channels.slackWebhookUrl.isSet ? [say('setup.channel.slack')] : []),
    ...(channels.smtpUrl.isSet ? [say('setup.channel.mail')] : []),
  ];
  return (
    <>
      <p className="lead" data-testid="connect" data-adopted={String(isAdopted)}>
        {say(isAdopted ? 'setup.step.connect.adopted' : 'setup.step.connect.lead')}
      </p>
      <div className="facts">
        <dl>
          <Row name={say('setup.summary.shop')}>{mall}</Row>
          <Row name={say('setup.summary.store')}>
            {store.kind === 'local' ? say('store.local') : store.url.text}
          </Row>
          <Row name={say('setup.summary.channels')}>{told.join(', ')}</Row>
        </dl>
      </div>
      {obstacle !== null && (
        <p className="tone-bad field__problem" data-testid="obstacle" data-code={obstacle}>
          {codeText(locale, obstacle).todo}
        </p>
      )}
    </>
  );
}
