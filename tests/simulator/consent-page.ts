import type { PendingConsent } from './cafe24-state.ts';

/** What the person in front of the consent page can do; each is the id and the value of a button. */
export const CONSENT_DECISIONS = [
  'approve',
  'refuse',
  'other-mall',
  'other-account',
  'other-account-denied',
  'fewer-scopes',
] as const;

export type ConsentDecision = (typeof CONSENT_DECISIONS)[number];

export function parseConsentDecision(value: unknown): ConsentDecision | null {
  return CONSENT_DECISIONS.find((decision) => decision === value) ?? null;
}

const LABELS: Readonly<Record<ConsentDecision, readonly [korean: string, english: string]>> = {
  approve: ['동의', 'Approve as the representative operator'],
  refuse: ['거부', 'Refuse'],
  'other-mall': ['다른 쇼핑몰에 로그인된 상태로 동의', 'Approve while signed in to another mall'],
  'other-account': ['다른 계정으로 동의 (허용됨)', 'Approve as another account of this mall (accepted)'],
  'other-account-denied': ['부운영자로 동의 (거절됨)', 'Try as a non-representative operator (denied)'],
  'fewer-scopes': ['일부 권한만 동의', 'Approve fewer permissions'],
};

/** The consent page: one form, one button per decision, everything else is explanation. */
export function renderConsentPage(consentId: string, consent: PendingConsent, action: string): string {
  const buttons = CONSENT_DECISIONS.map((decision) => {
    const [korean, english] = LABELS[decision];
    const disabled = decision === 'fewer-scopes' && consent.scopes.length < 2 ? ' disabled' : '';
    return `<button id="${decision}" name="decision" value="${decision}"${disabled}>${korean}<small>${english}</small></button>`;
  });
  return `<!doctype html>
<html lang="ko">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cafe24 simulator · 앱 권한 동의</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, "Noto Sans CJK KR", sans-serif; }
  main { max-width: 30rem; margin: 3rem auto; padding: 0 1rem; }
  .badge { display: inline-block; padding: 0 .6rem; border: 1px solid; border-radius: 1rem; font-size: .8rem; }
  button { display: block; width: 100%; margin: .5rem 0; padding: .6rem 1rem; font: inherit; text-align: left; cursor: pointer; }
  #approve { font-weight: 600; }
  small { display: block; font-weight: 400; opacity: .75; }
</style>
<main>
  <p class="badge">Cafe24 simulator</p>
  <h1>앱 권한 동의</h1>
  <p>앱 <b>${escapeHtml(consent.clientId)}</b> · 쇼핑몰 <b>${escapeHtml(consent.mallId)}</b><br>
  다음 권한을 요청합니다.
  <small>The app asks this mall for these permissions.</small></p>
  <ul>${consent.scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')}</ul>
  <form method="post" action="${escapeHtml(action)}">
    <input type="hidden" name="consent" value="${escapeHtml(consentId)}">
    ${buttons.join('\n    ')}
  </form>
</main>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
