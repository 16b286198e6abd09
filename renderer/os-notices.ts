import type { KeeperBridge, NoticeEvent, NoticeWords } from '../shared/ipc.ts';

/** A notice that the system has not shown by then is taken back; below the time that main waits for us. */
const SHOWN_WITHIN_MS = 3_000;

/**
 * Shows the OS notices that main calls for, each only after main has said yes, and tells what becomes of them; returns
 * what stops listening. Listen before subscribing: main calls as soon as a window has subscribed.
 */
export function startOsNotices(bridge: KeeperBridge): () => void {
  /** Also keeps them referenced: a click reaches only a notice that still exists here. */
  const shown = new Map<number, Notification>();

  const tell = (id: number, event: NoticeEvent): void => {
    bridge.send({ do: 'notice', id, event }).catch(() => {});
  };

  const show = (id: number, { title, body, lang, isUrgent }: NoticeWords): void => {
    const notice = new Notification(title, { body, lang, requireInteraction: isUrgent });
    shown.set(id, notice);
    const giveUp = (): void => {
      clearTimeout(timer);
      shown.delete(id);
      notice.close();
      tell(id, 'failed');
    };
    // Where the system or main refuses, nothing at all happens.
    const timer = setTimeout(giveUp, SHOWN_WITHIN_MS);
    notice.onshow = () => {
      clearTimeout(timer);
      tell(id, 'shown');
    };
    notice.onerror = giveUp;
    notice.onclick = () => {
      // The desktop takes a clicked notice away by itself, and tells nobody.
      shown.delete(id);
      tell(id, 'clicked');
    };
    notice.onclose = () => {
      clearTimeout(timer);
      if (shown.delete(id)) tell(id, 'closed');
    };
  };

  const claim = async (id: number): Promise<void> => {
    const { notice } = await bridge.send({ do: 'notice', id, event: 'claim' });
    if (!notice) return;
    try {
      show(id, notice);
    } catch {
      tell(id, 'failed');
    }
  };

  return bridge.onNotice((call) => {
    if (call.do === 'show') claim(call.id).catch(() => {});
    else shown.get(call.id)?.close();
  });
}
