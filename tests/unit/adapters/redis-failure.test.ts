import { describe, expect, test } from 'vitest';
import { failureOf, isReplicaAnswer } from '../../../electron/adapters/redis/failure-of.ts';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

describe('an error of Redis is one of our codes', () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:1.", 'store.full'],
    ['ERR Error running script (call to f_1): @user_script:9: -OOM command not allowed', 'store.full'],
    ["READONLY You can't write against a read only replica. script: 1f", 'store.readonly'],
    ["ERR Error running script: @user_script:9: -READONLY You can't write against", 'store.readonly'],
    ['MISCONF Redis is configured to save RDB snapshots', 'store.readonly'],
    ['NOREPLICAS Not enough good replicas to write.', 'store.readonly'],
    ['NOAUTH Authentication required.', 'store.denied'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'store.denied'],
    ["NOPERM User me has no permissions to run the 'set' command", 'store.denied'],
    ["ERR The user executing the script can't run this command or subcommand", 'store.denied'],
    ['ERR invalid password', 'store.denied'],
    ['LOADING Redis is loading the dataset in memory', 'store.unreachable'],
    ['CLUSTERDOWN The cluster is down', 'store.unreachable'],
    ['MASTERDOWN Link with MASTER is down', 'store.unreachable'],
    ['BUSY Redis is busy running a script.', 'store.unreachable'],
  ])('%s -> %s', (message, code) => {
    expect(failureOf(reply(message))).toMatchObject({ ok: false, code });
  });

  test('a word in the text of a broken connection decides nothing', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED OOM.example:6379'), { code: 'ECONNREFUSED' });
    expect(failureOf(error)).toEqual({ ok: false, code: 'store.unreachable', detail: 'ECONNREFUSED' });
    expect(isReplicaAnswer(new Error('READONLY'))).toBe(false);
  });

  test('a cluster that gave up says what its last node said', () => {
    const error = Object.assign(new Error('Failed to refresh slots cache.'), {
      lastNodeError: reply('WRONGPASS invalid username-password pair'),
    });
    expect(failureOf(error)).toMatchObject({ code: 'store.denied' });
  });

  test('arguments that a server quotes back do not get into the detail', () => {
    const error = reply("ERR unknown command 'EVALSHA', with args beginning with: 'canary-of-a-token'");
    expect(JSON.stringify(failureOf(error))).not.toContain('canary');
  });
});
