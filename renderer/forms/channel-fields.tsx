import type { ChannelsForm } from '../../shared/settings-forms.ts';
import type { ChannelSettings } from '../../shared/settings-snapshot.ts';
import type { Channel } from '../../shared/warnings.ts';
import { useWords } from '../words.ts';
import { AnswerLine } from './answer-line.tsx';
import { SecretField, TextField } from './field.tsx';
import { type FieldState, type SecretState, useField, useSecret } from './field-state.ts';
import { type Saving, useSaving } from './use-saving.ts';

export interface ChannelsDraft {
  readonly slackWebhookUrl: SecretState;
  readonly smtpUrl: SecretState;
  readonly alertEmailFrom: FieldState;
  readonly alertEmailTo: FieldState;
  readonly heartbeatUrl: SecretState;
  readonly fields: readonly FieldState[];
  readonly form: () => ChannelsForm;
}

export function useChannelsDraft(channels: ChannelSettings): ChannelsDraft {
  const slackWebhookUrl = useSecret('slackWebhookUrl', channels.slackWebhookUrl, false);
  const smtpUrl = useSecret('smtpUrl', channels.smtpUrl, false);
  // Mail needs all three: one alone says that mail was meant.
  const isMailMeant = smtpUrl.text.trim() !== '' || (smtpUrl.isKept && !smtpUrl.isRemoved);
  const alertEmailFrom = useField('alertEmailFrom', channels.alertEmailFrom, isMailMeant);
  const alertEmailTo = useField('alertEmailTo', channels.alertEmailTo, isMailMeant);
  const heartbeatUrl = useSecret('heartbeatUrl', channels.heartbeatUrl, false);
  return {
    slackWebhookUrl,
    smtpUrl,
    alertEmailFrom,
    alertEmailTo,
    heartbeatUrl,
    fields: [slackWebhookUrl, smtpUrl, alertEmailFrom, alertEmailTo, heartbeatUrl],
    form: () => ({
      slackWebhookUrl: slackWebhookUrl.edit,
      smtpUrl: smtpUrl.edit,
      alertEmailFrom: alertEmailFrom.text,
      alertEmailTo: alertEmailTo.text,
      heartbeatUrl: heartbeatUrl.edit,
    }),
  };
}

interface Props {
  readonly draft: ChannelsDraft;
  /** The shop a test warning speaks of; null while there is none. */
  readonly mall: string | null;
  /** Keeps what was typed, so that it is what is tested; resolves with whether it was taken. */
  readonly save: () => Promise<boolean>;
}

export function ChannelFields({ draft, mall, save }: Props) {
  const { say } = useWords();
  const isSlackSet = isSet(draft.slackWebhookUrl);
  const isMailSet = isSet(draft.smtpUrl);
  return (
    <>
      <fieldset className="channel">
        <legend>{say('setup.channel.os')}</legend>
        <p className="field__where">{say('channel.os.about')}</p>
        <TestButton channel="os" mall={mall} isOffered save={save} />
      </fieldset>
      <fieldset className="channel">
        <legend>{say('setup.channel.slack')}</legend>
        <SecretField
          field={draft.slackWebhookUrl}
          label="field.slackWebhookUrl"
          where="field.slackWebhookUrl.where"
          isOptional
        />
        <TestButton channel="slack" mall={mall} isOffered={isSlackSet} save={save} />
      </fieldset>
      <fieldset className="channel">
        <legend>{say('setup.channel.mail')}</legend>
        <SecretField field={draft.smtpUrl} label="field.smtpUrl" where="field.smtpUrl.where" isOptional />
        <TextField field={draft.alertEmailFrom} label="field.alertEmailFrom" isOptional={!isMailSet} />
        <TextField
          field={draft.alertEmailTo}
          label="field.alertEmailTo"
          where="field.alertEmailTo.where"
          isOptional={!isMailSet}
        />
        <TestButton channel="mail" mall={mall} isOffered={isMailSet} save={save} />
      </fieldset>
    </>
  );
}

function isSet(field: SecretState): boolean {
  return field.source !== null || field.isKept || (field.text.trim() !== '' && field.problem === null);
}

interface TestProps {
  readonly channel: Channel;
  readonly mall: string | null;
  readonly isOffered: boolean;
  readonly save: Props['save'];
}

function TestButton({ channel, mall, isOffered, save }: TestProps) {
  const { say } = useWords();
  const test: Saving = useSaving();
  if (mall === null || !isOffered) return null;
  const run = async (): Promise<void> => {
    if (await save()) await test.send({ do: 'test-warning', mall, channel });
  };
  return (
    <>
      <button
        type="button"
        className="field__try"
        data-do="test-warning"
        data-channel={channel}
        aria-disabled={test.isBusy}
        onClick={() => void run()}
      >
        {say(test.isBusy ? 'channel.testing' : 'channel.test')}{' '}
        <span className="spoken-only">{say(`setup.channel.${channel}`)}</span>
      </button>
      <AnswerLine reply={test.reply} testId={`test-${channel}`} />
    </>
  );
}
