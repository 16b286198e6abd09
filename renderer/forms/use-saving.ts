import { useContext, useRef, useState } from 'react';
import type { Intent, IntentReply } from '../../shared/ipc.ts';
import { BridgeContext } from '../bridge.ts';

const UNANSWERED: IntentReply = { code: 'internal.error', params: {} };

/** Sends one intent and resolves with its answer, whatever becomes of it. */
export function useSend(): (intent: Intent) => Promise<IntentReply> {
  const bridge = useContext(BridgeContext);
  return (intent) => bridge?.send(intent).catch(() => UNANSWERED) ?? Promise.resolve(UNANSWERED);
}

export interface Saving {
  /** For `aria-disabled`: a button that is disabled under the person's finger loses the focus. */
  readonly isBusy: boolean;
  /** How the latest ended; null before it has. */
  readonly reply: IntentReply | null;
  /** Sends them in turn, until one is refused; resolves with whether all were taken. */
  readonly send: (...intents: readonly Intent[]) => Promise<boolean>;
  readonly forget: () => void;
}

export function useSaving(): Saving {
  const send = useSend();
  const [isBusy, setBusy] = useState(false);
  const [reply, setReply] = useState<IntentReply | null>(null);
  const running = useRef(false);
  return {
    isBusy,
    reply,
    forget: () => setReply(null),
    async send(...intents) {
      // A second Enter while the first is on its way.
      if (running.current) return false;
      running.current = true;
      setBusy(true);
      setReply(null);
      let last: IntentReply | null = null;
      for (const intent of intents) {
        last = await send(intent);
        if (isRefusal(last)) break;
      }
      running.current = false;
      setBusy(false);
      setReply(last);
      return last !== null && !isRefusal(last);
    },
  };
}

/** A change that counts only until the app ends was made all the same. */
function isRefusal({ code }: IntentReply): boolean {
  return code !== null && code !== 'config.not_kept';
}
