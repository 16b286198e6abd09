/** OS notices at both ends of the desk: a warning becomes one, and Electron's main process shows what the window did not. */
import type { Notification } from 'electron';
import { type WarningMessage, wordsOf } from '../../shared/warning-message.ts';
import type { NoticeDesk, NoticeOrder, ShowByMain } from '../core/os-notice.ts';
import type { Notifier, Timers } from '../ports.ts';

/** The channel `os`. Sent means that it is on the screen, whoever brought it there. */
export function osNotifierOf(desk: Pick<NoticeDesk, 'show'>): Notifier {
  return { channel: 'os', send: (message) => desk.show(osNoticeOf(message)) };
}

/** Stages after which it is, or within a day will be, too late to do nothing. */
const URGENT: ReadonlySet<WarningMessage['stage']> = new Set(['NEEDS_REAUTH', 'D-1']);

/** Pure. A click starts a re-authorization, except where the news is good. */
export function osNoticeOf(message: WarningMessage): NoticeOrder {
  const { title, body } = wordsOf(message);
  return {
    mall: message.mall,
    words: { title, body, lang: message.locale, isUrgent: URGENT.has(message.stage) },
    click: message.stage === 'recovered' ? 'status' : 'reauthorize',
  };
}

type NotificationClass = typeof Notification;

/** Shows notices from the main process, without a window. */
export function mainNoticesOf(NotificationOfMain: NotificationClass): ShowByMain {
  /** Referenced while they are on the screen: a collected notification disappears. */
  const open = new Set<Notification>();
  return ({ words }, on) => {
    if (!NotificationOfMain.isSupported()) {
      on.failed('this system shows no notifications');
      return () => {};
    }
    const { title, body, isUrgent } = words;
    const notification = new NotificationOfMain({
      title,
      body,
      ...(isUrgent ? ({ urgency: 'critical', timeoutType: 'never' } as const) : {}),
    });
    const forget = (): void => {
      open.delete(notification);
      notification.removeAllListeners();
    };
    notification.on('show', () => on.shown());
    notification.on('click', () => {
      forget();
      on.clicked();
    });
    notification.on('close', () => {
      forget();
      on.closed();
    });
    notification.on('failed', (_event, why) => {
      forget();
      on.failed(why);
    });
    open.add(notification);
    notification.show();
    return () => {
      forget();
      notification.close();
    };
  };
}

/** An activation and the click event of a notice still in memory are one click when they come this close together. */
const SAME_CLICK_MS = 1_000;

/**
 * Windows keeps notices in its notification centre when the page that showed them, or the app, is gone; from Electron
 * 42 on a click on one of these still arrives. It does not say which notice it was. `noteClick` tells of the clicks that
 * arrived in the ordinary way, for these are announced here too.
 */
export function registerLateClicks(options: {
  readonly platform: NodeJS.Platform;
  readonly NotificationOfMain: NotificationClass;
  readonly timers: Timers;
  readonly onLateClick: () => void;
}): { noteClick(): void; stop(): void } {
  const { platform, NotificationOfMain, timers, onLateClick } = options;
  let isNoted = false;
  let isOver = false;
  const later = (callback: () => void): void => {
    timers.after(SAME_CLICK_MS, () => {
      if (!isOver) callback();
    });
  };
  // Absent from the runtime before 42, whatever the types say; elsewhere it does nothing.
  if (platform === 'win32' && typeof NotificationOfMain.handleActivation === 'function') {
    NotificationOfMain.handleActivation(({ type }) => {
      if (type !== 'click' || isOver || isNoted) return;
      later(() => {
        if (!isNoted) onLateClick();
      });
    });
  }
  return {
    noteClick() {
      isNoted = true;
      timers.after(2 * SAME_CLICK_MS, () => {
        isNoted = false;
      });
    },
    stop() {
      isOver = true;
    },
  };
}
