import type { ConsentDecision } from './consent-page.ts';

/**
 * Plays the person in the browser: opens an authorization URL and presses one button.
 *
 * Resolves with the address the browser would be sent to, without visiting it. Where the authorization endpoint
 * answers with a redirect or an error page at once, no button is there to press: the redirect is returned, the
 * page's status and text are thrown.
 */
export async function driveConsent(authorizeUrl: string | URL, decision: ConsentDecision): Promise<URL> {
  const opened = await fetch(authorizeUrl, { redirect: 'manual' });
  const page = await opened.text();
  const atOnce = opened.headers.get('location');
  if (atOnce !== null) return new URL(atOnce);
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1];
  const consent = /name="consent" value="([^"]+)"/.exec(page)?.[1];
  if (action === undefined || consent === undefined) {
    throw new Error(`no consent page: ${opened.status} ${page}`);
  }
  const decided = await fetch(new URL(action, opened.url), {
    method: 'POST',
    body: new URLSearchParams({ consent, decision }),
    redirect: 'manual',
  });
  const location = decided.headers.get('location');
  if (location === null) throw new Error(`no redirect: ${decided.status} ${await decided.text()}`);
  return new URL(location);
}
