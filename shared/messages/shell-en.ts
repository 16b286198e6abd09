import type { ShellCatalogue } from './shell.ts';

/** What main alone says, in English. */
export const shellEn: ShellCatalogue = {
  'tray.reauthorize': 'Re-authorize',
  'tray.cancel': 'Cancel authorization',
  'tray.open': 'Open status',
  'tray.refresh': 'Refresh now',
  'tray.settings': 'Settings',
  'tray.diagnostics': 'Diagnostics',
  'close.explained': 'The app keeps working in the tray. Click its icon to open the window again.',
  'tray.quit': 'Quit',
  'browser.close_tab': 'You can close this tab.',
  'warn.expires.tomorrow': '{dDay} · authorization expires tomorrow',
  'warn.expires.days': '{dDay} · authorization expires in {count} days',
  'warn.expires.today': '{dDay} · authorization expires today',
  'warn.expires.over': '{dDay} · authorization has expired',
  'warn.recovered': 'All is well again',
  'warn.recovered.todo': 'The tokens are being refreshed again. Nothing to do.',
  'warn.test': 'This is a test',
  'warn.test.todo': 'Warnings arrive by this channel. Nothing to do.',
  'warn.where': 'Press [Re-authorize] at the tray icon or in the app window, and the browser opens.',
  'warn.shop': 'Shop',
  'warn.deadline': 'Expires',
  'warn.deadline.value': '{deadlineAt} (Korean time) · {dDay}',
  'warn.sent': 'Sent',
  'warn.sent.value': '{sentAt} (Korean time)',
  'warn.footer': 'Sent automatically by Cafe24 Token Keeper.',
};
