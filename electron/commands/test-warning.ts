import { EXIT } from '../core/cli-answers.ts';
import type { Command } from './command.ts';

/** `test-warning CHANNEL`: sends one test message and tells the server's own answer. */
export const testWarning: Command = async ({ core, keeper, terminal, words }) => {
  const [channel, ...more] = words;
  const notifier = core.notifiers.find((each) => each.channel === channel);
  if (!notifier || more.length > 0) {
    const configured = core.notifiers.map((each) => each.channel).join(', ');
    terminal.say(
      configured
        ? `test-warning takes one of: ${configured}`
        : 'no channel is configured: SLACK_WEBHOOK_URL, or SMTP_URL with ALERT_EMAIL_FROM and ALERT_EMAIL_TO',
    );
    return EXIT.usage;
  }
  const { set } = await keeper.look();
  const sent = await notifier.send({
    stage: 'test',
    mall: keeper.mall,
    reason: null,
    deadlineAt: set?.refreshTokenExpiresAt ?? null,
    at: core.clock.now(),
    simulator: core.configuration.simulator,
    locale: terminal.locale,
  });
  if (sent.ok) {
    terminal.answer(`sent by ${notifier.channel}`);
    return EXIT.ok;
  }
  terminal.sayCode(sent.code);
  if (sent.detail) terminal.say(`the server said: ${sent.detail}`);
  return EXIT.error;
};
