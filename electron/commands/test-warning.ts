import { EXIT } from '../core/cli-answers.ts';
import { sendTestWarning } from '../core/test-warning.ts';
import type { Command } from './command.ts';

/** `test-warning CHANNEL`: sends one test message and tells the server's own answer. */
export const testWarning: Command = async ({ core, keeper, terminal, words }) => {
  const [name, ...more] = words;
  const { notifiers, clock, configuration } = core;
  const channel = notifiers.find((each) => each.channel === name)?.channel;
  if (!channel || more.length > 0) {
    const configured = notifiers.map((each) => each.channel).join(', ');
    terminal.say(
      configured
        ? `test-warning takes one of: ${configured}`
        : 'no channel is configured: SLACK_WEBHOOK_URL, or SMTP_URL with ALERT_EMAIL_FROM and ALERT_EMAIL_TO',
    );
    return EXIT.usage;
  }
  await keeper.look();
  const { simulator } = configuration;
  const sent = await sendTestWarning(
    { keeper, notifiers, clock, simulator, locale: terminal.locale },
    channel,
  );
  if (sent.ok) {
    terminal.answer(`sent by ${channel}`);
    return EXIT.ok;
  }
  terminal.sayCode(sent.code);
  if (sent.detail) terminal.say(`the server said: ${sent.detail}`);
  return EXIT.error;
};
