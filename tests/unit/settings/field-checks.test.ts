import { describe, expect, it } from 'vitest';
import {
  FIELD_CHECKS,
  FIELD_PROBLEMS,
  type FieldName,
  type FieldProblem,
  isUnfinished,
  mallIdIn,
} from '../../../shared/field-checks.ts';
import { en } from '../../../shared/messages/en.ts';
import { ko } from '../../../shared/messages/ko.ts';

type Row = readonly [text: string, problem: FieldProblem | null];

const table: Readonly<Partial<Record<FieldName, readonly Row[]>>> = {
  mall: [
    ['myshop', null],
    [' myshop ', null],
    ['my-shop2', null],
    ['', 'required'],
    ['my-', 'mall.hyphen'],
    ['MyShop', 'mall.capitals'],
    ['내쇼핑몰', 'mall.form'],
    ['my shop', 'mall.form'],
    ['my_shop', 'mall.form'],
    ['myshop.cafe24.com', 'mall.address'],
    ['https://myshop.cafe24.com', 'mall.address'],
  ],
  clientId: [
    ['AbCdEfGh12345678IjKlMn', null],
    ['AbCd EfGh', 'credential.space'],
    ['비밀', 'credential.space'],
    ['x'.repeat(300), 'credential.long'],
  ],
  clientSecret: [
    ['AbCdEfGh12345678IjKlMn', null],
    ['Bearer AbCdEfGh', 'credential.token'],
    ['eyJhbGciOi.eyJzdWIi.sig', 'credential.token'],
    ['{"access_token": "AbCd"}', 'credential.token'],
    ['refresh_token=AbCd', 'credential.token'],
    ['CAFE24_CLIENT_SECRET=AbCd', 'credential.assignment'],
    // Base64 ends so.
    ['AbCdEfGh12345678==', null],
  ],
  redirectUri: [
    ['https://www.example.com/cafe24/', null],
    ['http://127.0.0.1:17424/cb', 'uri.http'],
    ['h', 'url.form'],
    ['https://www', 'url.form'],
    ['http://www.example.com/', 'uri.http'],
    ['http://local', 'uri.http'],
    ['https://192.168.0.4/cb', 'uri.ip'],
    ['https://[::1]/cb', 'uri.ip'],
    [`https://www.example.com/${'x'.repeat(130)}`, 'uri.long'],
    [`https://www.example.com/${'가'.repeat(45)}`, 'uri.long'],
    ['https://www.example.com/#top', 'uri.fragment'],
  ],
  scopes: [
    ['mall.read_product,mall.write_product', null],
    ['mall.read_product, mall.write_product', null],
    ['mall.read_product mall.write_product', 'scope.space'],
    ['mall.read_', 'scope.form'],
    ['mall.read_product,', 'scope.form'],
    ['read_product', 'scope.form'],
  ],
  redisUrl: [
    ['redis://127.0.0.1:6379/0', null],
    ['rediss://user:pass@redis.example.com', null],
    ['redis://a:1,b:2', null],
    ['redis+sentinel://h1:26379/mymaster/0', null],
    ['r', 'redis.form'],
    ['redis://', 'redis.form'],
    ['redis://a:1,b:2/3', 'redis.clusterDatabase'],
    ['https://example.upstash.io', 'redis.http'],
  ],
  slackWebhookUrl: [
    ['https://hooks.slack.com/services/T0/B0/x', null],
    ['http://127.0.0.1:9/hook', null],
    ['http://hooks.slack.com/services', 'slack.http'],
    ['http://127', 'url.form'],
    ['hooks.slack.com', 'url.form'],
  ],
  smtpUrl: [
    ['smtps://owner:pass@mail.example.com:465', null],
    ['mail.example.com', 'smtp.form'],
    ['https://mail.example.com', 'smtp.http'],
    ['smtps://mail.example.com/?tls=off', 'smtp.form'],
  ],
  alertEmailTo: [
    ['owner@example.com, Kim <kim@example.com>', null],
    ['owner', 'mail.form'],
  ],
  heartbeatUrl: [
    ['https://hc.example.com/ping', null],
    ['hc', 'url.form'],
  ],
};

const rows = Object.entries(table).flatMap(([name, each]) =>
  each.map(([text, problem]) => [name as FieldName, text, problem] as const),
);

describe('what is wrong while it is typed', () => {
  it.each(rows)('%s "%s" is %s', (name, text, problem) => {
    expect(FIELD_CHECKS[name](text)).toBe(problem);
  });

  it.each([
    ['http://127.0.0.1:17424/cb', null],
    ['http://1', 'url.form'],
    ['http://local', 'url.form'],
    ['http://w', 'uri.http'],
  ])('at a simulator, a redirect URI may be on this machine: "%s" is %s', (text, problem) => {
    expect(FIELD_CHECKS.redirectUri(text, true)).toBe(problem);
  });

  it('is told only when the field was left, where typing on may mend it', () => {
    // Each beginning of a right value is at most unfinished.
    const right: Readonly<Partial<Record<FieldName, string>>> = {
      mall: 'my-shop',
      clientSecret: 'AbCdEfGh',
      redirectUri: 'http://localhost:17424/cb',
      scopes: 'mall.read_product,mall.write_product',
      redisUrl: 'redis+sentinel://h1:26379,h2:26379/mymaster/0',
      slackWebhookUrl: 'http://localhost:9/hook',
      smtpUrl: 'smtps://owner:pass@mail.example.com:465',
      alertEmailFrom: 'Owner <owner@example.com>',
    };
    for (const [name, value] of Object.entries(right)) {
      for (let length = 1; length <= value.length; length += 1) {
        const problem = FIELD_CHECKS[name as FieldName](value.slice(0, length), true);
        expect([name, value.slice(0, length), problem === null || isUnfinished(problem)]).toEqual([
          name,
          value.slice(0, length),
          true,
        ]);
      }
    }
  });

  it('has words in both languages', () => {
    for (const problem of FIELD_PROBLEMS) {
      expect(ko[`field.problem.${problem}`]).toBeTruthy();
      expect(en[`field.problem.${problem}`]).toBeTruthy();
    }
  });
});

describe('the mall id in a pasted address', () => {
  it.each([
    ['https://myshop.cafe24.com/', 'myshop'],
    ['myshop.cafe24.com', 'myshop'],
    ['https://m.myshop.cafe24.com/product/1', 'myshop'],
    ['https://MYSHOP.cafe24.com', 'myshop'],
    ['https://myshop.cafe24api.com/api/v2', 'myshop'],
    ['https://www.example.com', null],
    ['https://cafe24.com', null],
  ])('of %s is %s', (address, mall) => {
    expect(mallIdIn(address)).toBe(mall);
  });
});
