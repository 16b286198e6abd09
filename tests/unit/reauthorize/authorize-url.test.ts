import { describe, expect, it } from 'vitest';
import {
  authorizeUrlOf,
  isPlausibleScope,
  oauthStateOf,
  portOfState,
} from '../../../shared/authorize-url.ts';

const RANDOM = 'abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE';

const request = {
  apiOrigin: 'https://myshop.cafe24api.com',
  clientId: 'client',
  redirectUri: 'https://relay.example.com/cb?shop=1',
  scopes: ['mall.read_product', 'mall.write_product', 'mall.read_product'],
  state: oauthStateOf(17424, RANDOM),
  codeChallenge: null,
} as const;

describe('the authorization URL', () => {
  it('asks for a code with comma-joined scopes, each once, and the redirect URI as it is', () => {
    const url = new URL(authorizeUrlOf(request));
    expect(url.origin + url.pathname).toBe('https://myshop.cafe24api.com/api/v2/oauth/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client',
      state: `17424.${RANDOM}`,
      redirect_uri: 'https://relay.example.com/cb?shop=1',
      scope: 'mall.read_product,mall.write_product',
    });
  });

  it('carries an S256 challenge only where one is given', () => {
    const url = new URL(authorizeUrlOf({ ...request, codeChallenge: RANDOM }));
    expect(url.searchParams.get('code_challenge')).toBe(RANDOM);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  });

  it.each(['http://127.0.0.1:9999/myshop', 'http://127.0.0.1:9999/myshop/'])(
    'keeps a path of the origin: %s',
    (apiOrigin) => {
      expect(new URL(authorizeUrlOf({ ...request, apiOrigin })).pathname).toBe(
        '/myshop/api/v2/oauth/authorize',
      );
    },
  );
});

describe('a state', () => {
  it.each([
    [`17424.${RANDOM}`, 17424],
    [`0.${RANDOM}`, 0],
    [`65535.${RANDOM}`, 65535],
    [`65536.${RANDOM}`, null],
    [`017424.${RANDOM}`, null],
    [`17424.${RANDOM}A`, null],
    [`17424.${RANDOM.slice(1)}`, null],
    [`17424.${RANDOM.replace('a', '/')}`, null],
    [`17424@example.com.${RANDOM}`, null],
    [`\n17424.${RANDOM}`, null],
    [`17424.${RANDOM}\n`, null],
    ['', null],
  ])('names its port only in its exact form: %j', (state, port) => {
    expect(portOfState(state)).toBe(port);
  });
});

describe('a scope', () => {
  it.each([
    ['mall.read_product', true],
    ['mall.write_product', true],
    ['mall.read_privacy', true],
    ['mall.read_product mall.write_product', false],
    ['read_product', false],
    ['mall.product', false],
    ['Mall.read_product', false],
    ['', false],
  ])('is plausible in the form of Cafe24 only: %j', (scope, plausible) => {
    expect(isPlausibleScope(scope)).toBe(plausible);
  });
});
