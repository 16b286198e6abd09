import type { Notification as SystemNotification } from 'electron';
import type { Locale } from '../../shared/locale.ts';
import { shellText } from '../../shared/messages/shell.ts';

/** Says, where the desktop shows notices, that a closed window lives on in the tray. */
export function createClosingNote(NotificationOfMain: typeof SystemNotification): (locale: Locale) => void {
  // Referenced while it is shown: a collected notification disappears.
  let shown: SystemNotification | null = null;
  return (locale) => {
    shown = new NotificationOfMain({
      title: shellText(locale, 'app.name'),
      body: shellText(locale, 'close.explained'),
    });
    shown.on('close', () => {
      shown = null;
    });
    shown.show();
  };
}
