import type { ConsentDecision } from '../../simulator/consent-page.ts';
import { driveConsent } from '../../simulator/drive-consent.ts';

export interface LastPage {
  readonly status: number;
  /** Its `data-code`. */
  readonly code: string | null;
}

/** A browser without a screen: it keeps cookies and follows the way of a consent step by step. */
export function createPerson() {
  const cookies = new Map<string, string>();

  /** Opens the link of a tab; resolves with where it leads. */
  async function begin(link: string): Promise<URL> {
    const reply = await fetch(link, { redirect: 'manual' });
    const location = reply.headers.get('location');
    if (location === null) throw new Error(`not begun: ${reply.status} ${codeOf(await reply.text())}`);
    const [pair = ''] = (reply.headers.get('set-cookie') ?? '').split(';');
    const at = pair.indexOf('=');
    cookies.set(pair.slice(0, at), pair.slice(at + 1));
    return new URL(location);
  }

  /** Opens the link, decides on Cafe24's page; resolves with the redirected address, unvisited. */
  async function decide(link: string, decision: ConsentDecision): Promise<URL> {
    return driveConsent(await begin(link), decision);
  }

  /** Visits an address of the local server. */
  async function visit(address: URL | string, withCookies = true): Promise<LastPage> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await fetch(address, {
      redirect: 'manual',
      headers: withCookies && cookie !== '' ? { cookie } : {},
    });
    return { status: reply.status, code: codeOf(await reply.text()) };
  }

  return { begin, decide, visit };
}

function codeOf(html: string): string | null {
  return /data-code="([^"]+)"/.exec(html)?.[1] ?? null;
}

/** What the relay page does with a redirected address. */
export function relayed(redirected: URL): URL {
  const port = redirected.searchParams.get('state')?.split('.')[0];
  const local = new URL(`http://127.0.0.1:${port}/api/auth/cafe24/callback`);
  for (const name of ['code', 'state', 'error', 'error_description']) {
    const value = redirected.searchParams.get(name);
    if (value !== null) local.searchParams.set(name, value);
  }
  return local;
}
