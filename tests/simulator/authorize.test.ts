import { describe, expect, it } from 'vitest';
import { CONSENT_DECISIONS } from './consent-page.ts';
import { driveConsent } from './drive-consent.ts';
import { DEFAULT_CLIENT, DEFAULT_LOOPBACK_REDIRECT_URI, DEFAULT_REDIRECT_URI } from './registration.ts';
import { authorizeUrl, codeFromConsent, exchangeCode, openSimulator } from './test-helpers.ts';

const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** Where the request is redirected to at once, or null where a page is shown. */
async function redirectedAtOnce(url: URL): Promise<URL | null> {
  const location = (await fetch(url, { redirect: 'manual' })).headers.get('location');
  return location === null ? null : new URL(location);
}

describe('the consent page', () => {
  it('names the mall and the scopes, and has one button for each decision', async () => {
    const simulator = await openSimulator();
    const response = await fetch(authorizeUrl(simulator));
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain('<b>myshop</b>');
    expect(page).toContain('<code>mall.write_product</code>');
    for (const decision of CONSENT_DECISIONS) expect(page).toContain(`<button id="${decision}"`);
  });

  it.each([
    ['approve', { mall_id: 'myshop', user_id: 'owner', scopes: ['mall.read_product', 'mall.write_product'] }],
    ['other-account', { mall_id: 'myshop', user_id: 'owner2' }],
    ['other-mall', { mall_id: 'othershop', user_id: 'other-owner' }],
    ['fewer-scopes', { mall_id: 'myshop', user_id: 'owner', scopes: ['mall.read_product'] }],
  ] as const)('%s ends in a code whose exchange answers %o', async (decision, expected) => {
    const simulator = await openSimulator();
    const { status, body } = await exchangeCode(simulator, await codeFromConsent(simulator, decision));
    expect(status).toBe(200);
    expect(body).toMatchObject(expected);
  });

  it('signed in elsewhere means the other configured mall, where there is one', async () => {
    const malls = ['myshop', 'second'].map((mallId) => ({ mallId, ownerId: `${mallId}-owner` }));
    const simulator = await openSimulator({ malls });
    const { body } = await exchangeCode(simulator, await codeFromConsent(simulator, 'other-mall'));
    expect(body.mall_id).toBe('second');
  });

  it.each([
    ['refuse', 'a refused consent'],
    ['other-account-denied', 'an admin who is not the representative operator'],
  ] as const)('%s: %s ends in access_denied with state and trace_id', async (decision, _who) => {
    const simulator = await openSimulator();
    const redirected = await driveConsent(authorizeUrl(simulator), decision);
    expect(redirected.origin + redirected.pathname).toBe(DEFAULT_REDIRECT_URI);
    expect(redirected.searchParams.get('error')).toBe('access_denied');
    expect(redirected.searchParams.get('error_description')).toBeTruthy();
    expect(redirected.searchParams.get('state')).toBe('the-state');
    expect(redirected.searchParams.get('trace_id')).toBeTruthy();
    expect(redirected.searchParams.has('code')).toBe(false);
  });

  it('success returns code and state, and an extra iss that clients have to tolerate', async () => {
    const simulator = await openSimulator();
    const redirected = await driveConsent(authorizeUrl(simulator, { state: '17424.a_b-c' }), 'approve');
    expect([...redirected.searchParams.keys()].sort()).toEqual(['code', 'iss', 'state']);
    expect(redirected.searchParams.get('state')).toBe('17424.a_b-c');
    expect(redirected.searchParams.get('iss')).toBe(`${simulator.origin}/myshop`);
  });

  it('an unknown decision, or a page of another run, is refused', async () => {
    const simulator = await openSimulator();
    const decision = `${simulator.origin}/myshop/api/v2/oauth/authorize/decision`;
    const body = new URLSearchParams({ consent: 'unknown', decision: 'approve' });
    expect((await fetch(decision, { method: 'POST', body })).status).toBe(400);
  });
});

describe('a redirect URI that is not registered exactly gets a JSON error page and no redirect', () => {
  it.each([
    ['an unknown one', { redirect_uri: 'https://evil.example.test/' }],
    ['another path', { redirect_uri: `${DEFAULT_REDIRECT_URI}x` }],
    ['an extra query', { redirect_uri: `${DEFAULT_REDIRECT_URI}?a=1` }],
    ['another case', { redirect_uri: DEFAULT_REDIRECT_URI.toUpperCase() }],
    ['none', { redirect_uri: null }],
    ['a loopback address without the option', { redirect_uri: DEFAULT_LOOPBACK_REDIRECT_URI }],
    ['a registered one of an unknown app', { client_id: 'nobody' }],
  ])('%s', async (_name, change) => {
    const simulator = await openSimulator();
    const response = await fetch(authorizeUrl(simulator, change), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.has('location')).toBe(false);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('with loopback allowed the loopback redirect URI leads to the consent page', async () => {
    const simulator = await openSimulator({ allowLoopbackRedirect: true });
    const url = authorizeUrl(simulator, { redirect_uri: DEFAULT_LOOPBACK_REDIRECT_URI });
    const redirected = await driveConsent(url, 'approve');
    expect(redirected.href).toMatch(/^http:\/\/127\.0\.0\.1:17424\/api\/auth\/cafe24\/callback\?code=/);
  });
});

describe('a wrong request is redirected back at once, without a consent page', () => {
  it.each([
    ['no response_type', { response_type: null }, 'invalid_request'],
    ['another response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no state', { state: null }, 'invalid_request'],
    ['no scope', { scope: null }, 'invalid_request'],
    ['scopes joined with a space', { scope: 'mall.read_product mall.write_product' }, 'invalid_scope'],
    ['one scope that is not ticked', { scope: 'mall.read_product,mall.write_order' }, 'invalid_scope'],
    ['PKCE plain', { code_challenge: CHALLENGE, code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE without a method', { code_challenge: CHALLENGE }, 'invalid_request'],
    ['a malformed challenge', { code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
  ])('%s', async (_name, change, error) => {
    const simulator = await openSimulator();
    const redirected = await redirectedAtOnce(authorizeUrl(simulator, change));
    expect(redirected?.searchParams.get('error')).toBe(error);
    expect(redirected?.searchParams.get('trace_id')).toBeTruthy();
    expect(redirected?.searchParams.get('state')).toBe('state' in change ? null : 'the-state');
  });

  it('the description of invalid_scope is encoded twice', async () => {
    const simulator = await openSimulator();
    const response = await fetch(authorizeUrl(simulator, { scope: 'mall.write_order' }), {
      redirect: 'manual',
    });
    expect(response.headers.get('location')).toContain('error_description=The%2Bscope%2Badded');
  });

  it('a scope that is ticked afterwards leads to the consent page', async () => {
    const simulator = await openSimulator();
    const url = authorizeUrl(simulator, { scope: 'mall.write_order' });
    expect(await redirectedAtOnce(url)).not.toBeNull();
    simulator.updateClient(DEFAULT_CLIENT.clientId, { scopes: ['mall.write_order'] });
    expect(await redirectedAtOnce(url)).toBeNull();
  });
});

describe('PKCE', () => {
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const asked = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };

  it.each([
    ['the right verifier', { code_verifier: verifier }, 200, undefined],
    ['a wrong verifier', { code_verifier: 'x'.repeat(43) }, 400, 'invalid_grant'],
    ['no verifier', {}, 400, 'invalid_request'],
  ])('S256 is checked at the exchange: %s', async (_name, form, status, error) => {
    const simulator = await openSimulator();
    const answer = await exchangeCode(simulator, await codeFromConsent(simulator, 'approve', asked), form);
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  it('is demanded only where it is switched on for the app', async () => {
    const simulator = await openSimulator();
    expect(await redirectedAtOnce(authorizeUrl(simulator))).toBeNull();
    simulator.updateClient(DEFAULT_CLIENT.clientId, { pkceRequired: true });
    const redirected = await redirectedAtOnce(authorizeUrl(simulator));
    expect(redirected?.searchParams.get('error')).toBe('invalid_request');
    expect(await redirectedAtOnce(authorizeUrl(simulator, asked))).toBeNull();
  });
});
