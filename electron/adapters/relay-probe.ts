/** Fetches the page of a redirect URI, as a person's browser will at the end of a consent, but without a code. */
import { readRedirectUri } from '../../shared/configuration-values.ts';
import { parseRedirectUri } from '../../shared/redirect-uri.ts';
import type { Outcome } from '../core/keeper-api.ts';
import { request } from './http/undici-parts.ts';
import { codeOf } from './network/failure.ts';
import type { Network } from './network/network.ts';

const TIMEOUT_MS = 10_000;
/** The relay page has 9 kilobytes; of another page its beginning is enough. */
const LONGEST_PAGE = 65_536;
/** In the title of `relay/index.html`. */
const MARK = '<title>Cafe24 Token Keeper</title>';

/** `simulator`: the address is registered at CAFE24_API_ORIGIN, which takes http on this machine. */
export async function probeRelay(
  typed: string,
  { dispatcher }: Pick<Network, 'dispatcher'>,
  simulator: boolean,
): Promise<Outcome> {
  const uri = readRedirectUri(typed.trim(), simulator);
  if (!uri.ok) return { code: uri.code, params: {} };
  const parsed = parseRedirectUri(uri.value);
  if (parsed.ok && parsed.value.kind === 'direct') return { code: 'relay.not_needed', params: {} };
  try {
    const { statusCode, body } = await request(dispatcher, uri.value, {
      reset: true,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (statusCode !== 200) {
      await body.dump();
      return { code: 'relay.missing', params: { status: statusCode } };
    }
    const page = await beginningOf(body);
    return { code: page.includes(MARK) ? 'relay.ok' : 'relay.other_page', params: {} };
  } catch (error) {
    return { code: codeOf(error), params: {} };
  }
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  let page = '';
  for await (const chunk of body) {
    page += chunk.toString('utf8');
    if (page.length > LONGEST_PAGE) break;
  }
  return page;
}
