import { onTestFinished } from 'vitest';
import { driveConsent } from './drive-consent.ts';
import { DEFAULT_CLIENT, DEFAULT_REDIRECT_URI } from './registration.ts';
import { startSimulator } from './server.ts';
import type { Simulator, SimulatorOptions } from './simulator.ts';

/** A Monday noon in Korea, on a whole second. */
export const NOON = Date.UTC(2026, 2, 2, 3, 0, 0);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A simulator at NOON that is closed with the test. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({ startAt: NOON, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every form, looked into by tests only.
  readonly body: any;
}

export interface PostOptions {
  readonly mallId?: string;
  readonly path?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Posts a form with Basic authentication; a header given as null is left out. */
export async function post(
  simulator: Simulator,
  form: Readonly<Record<string, string>> | URLSearchParams | string,
  options: PostOptions = {},
): Promise<TestAnswer> {
  const clientId = options.clientId ?? DEFAULT_CLIENT.clientId;
  const secret = options.clientSecret ?? DEFAULT_CLIENT.clientSecret;
  const headers = new Headers({
    Authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
    'Content-Type': 'application/x-www-form-urlencoded',
  });
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const url = `${simulator.origin}/${options.mallId ?? 'myshop'}${options.path ?? '/api/v2/oauth/token'}`;
  // Bytes, because fetch would name a content type of its own for a string or a form.
  const body = Buffer.from(typeof form === 'string' ? form : new URLSearchParams(form).toString());
  return read(await fetch(url, { method: 'POST', headers, body }));
}

export function refresh(
  simulator: Simulator,
  refreshToken: string,
  options?: PostOptions,
): Promise<TestAnswer> {
  return post(simulator, { grant_type: 'refresh_token', refresh_token: refreshToken }, options);
}

export function exchangeCode(
  simulator: Simulator,
  code: string,
  more: Readonly<Record<string, string>> = {},
  options?: PostOptions,
): Promise<TestAnswer> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: DEFAULT_REDIRECT_URI, ...more };
  return post(simulator, form, options);
}

/** An authorization URL as the product builds it; a parameter given as null is left out. */
export function authorizeUrl(
  simulator: Simulator,
  change: Readonly<Record<string, string | null>> = {},
  mallId = 'myshop',
): URL {
  const url = new URL(`${simulator.origin}/${mallId}/api/v2/oauth/authorize`);
  const parameters = {
    response_type: 'code',
    client_id: DEFAULT_CLIENT.clientId,
    state: 'the-state',
    redirect_uri: DEFAULT_REDIRECT_URI,
    scope: 'mall.read_product,mall.write_product',
    ...change,
  };
  for (const [name, value] of Object.entries(parameters))
    if (value !== null) url.searchParams.set(name, value);
  return url;
}

export async function codeFromConsent(
  simulator: Simulator,
  ...[decision = 'approve', change]: [Parameters<typeof driveConsent>[1]?, Record<string, string>?]
): Promise<string> {
  const redirected = await driveConsent(authorizeUrl(simulator, change), decision);
  return redirected.searchParams.get('code') ?? '';
}

export async function admin(
  simulator: Simulator,
  path: string,
  accessToken: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestAnswer> {
  const url = `${simulator.origin}/myshop/api/v2/admin/${path}`;
  return read(await fetch(url, { headers: { Authorization: `Bearer ${accessToken}`, ...headers } }));
}

async function read(response: Response): Promise<TestAnswer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
