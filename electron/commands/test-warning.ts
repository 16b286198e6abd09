import { text } from '../../shared/messages/message.ts';
import { CHANNELS, type Channel } from '../../shared/warnings.ts';
import { EXIT } from '../core/cli-answers.ts';
import { sendTestWarning } from '../core/test-warning.ts';
import type { Command } from './command.ts';

/** The desktop's own notices need the app. */
const NAMES = CHANNELS.filter((channel) => channel !== 'os');

/** The channel that is asked for; throws what is wrong with the words. */
export function readChannel([name, ...more]: readonly string[]): Channel {
  const known = `one of: ${NAMES.join(', ')}`;
  if (name === undefined) throw new Error(`test-warning takes a channel, ${known}`);
  const channel = NAMES.find((each) => each === name);
  if (channel === undefined) throw new Error(`unknown channel: ${name}, not ${known}`);
  if (more.length > 0) throw new Error(`too many words: ${more.join(' ')}`);
  return channel;
}

/** `test-warning CHANNEL`: sends one test message and tells what the other side answered, or what kept it from being asked. */
export const testWarning: Command = async ({ core, keeper, terminal, words }) => {
  const channel = readChannel(words);
  const { notifiers, clock, configuration } = core;
  await keeper.look();
  const { simulator } = configuration;
  const { locale } = terminal;
  const sent = await sendTestWarning({ keeper, notifiers, clock, simulator, locale }, channel);
  if (sent.ok) {
    terminal.answer(`sent by ${channel}`);
    return EXIT.ok;
  }
  terminal.sayCode(sent.code);
  if (sent.code === 'channel.not_configured') return EXIT.usage;
  if (sent.detail) terminal.say(text(locale, 'channel.answer', { answer: sent.detail }));
  return EXIT.error;
};
