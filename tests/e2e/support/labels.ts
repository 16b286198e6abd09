/** The words a person finds in tray and window: what the product promises to show, written down once more. */
export const KOREAN = {
  reauthorize: '다시 인증',
  cancel: '인증 취소',
  open: '상태 보기',
  refresh: '지금 갱신',
  settings: '설정',
  diagnostics: '진단',
  quit: '종료',
  healthy: '정상',
  needsReauth: '다시 인증 필요',
  waiting: '인증 대기 중',
  blocked: '막힘',
  paused: '일시 중지',
  notConfigured: '설정 전',
} as const;

export const ENGLISH = {
  reauthorize: 'Re-authorize',
  cancel: 'Cancel authorization',
  open: 'Open status',
  refresh: 'Refresh now',
  settings: 'Settings',
  diagnostics: 'Diagnostics',
  quit: 'Quit',
  healthy: 'Healthy',
  needsReauth: 'Re-authorization needed',
  waiting: 'Waiting for consent',
  blocked: 'Blocked',
  paused: 'Paused',
  notConfigured: 'Not configured',
} as const;
