import type { SubmitEvent } from 'react';
import type { ChannelSettings } from '../../shared/settings-snapshot.ts';
import { ChannelFields, useChannelsDraft } from '../forms/channel-fields.tsx';
import { SecretField } from '../forms/field.tsx';
import { allFine } from '../forms/field-state.ts';
import { useSaving } from '../forms/use-saving.ts';
import { useWords } from '../words.ts';
import { SaveBar, Section } from './section.tsx';

interface Props {
  readonly channels: ChannelSettings;
  readonly mall: string | null;
}

export function ChannelsSection({ channels, mall }: Props) {
  const { say } = useWords();
  const draft = useChannelsDraft(channels);
  const saving = useSaving();
  const save = async (): Promise<boolean> => {
    if (!allFine(draft.fields)) return false;
    if (!(await saving.send({ do: 'save-channels', channels: draft.form() }))) return false;
    for (const secret of [draft.slackWebhookUrl, draft.smtpUrl, draft.heartbeatUrl]) secret.settle();
    return true;
  };
  const told = [
    say('setup.channel.os'),
    ...(channels.slackWebhookUrl.isSet ? [say('setup.channel.slack')] : []),
    ...(channels.smtpUrl.isSet ? [say('setup.channel.mail')] : []),
  ];
  return (
    <Section heading={say('settings.channels')} about={told.join(', ')} name="channels">
      <form
        className="form"
        noValidate
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          void save();
        }}
      >
        <ChannelFields draft={draft} mall={mall} save={save} />
        <SecretField
          field={draft.heartbeatUrl}
          label="field.heartbeatUrl"
          where="field.heartbeatUrl.where"
          isOptional
        />
        <SaveBar saving={saving} />
      </form>
    </Section>
  );
}
