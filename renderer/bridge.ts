import { createContext, useContext, useEffect, useRef, useState } from 'react';
import type { Intent, IntentReply, KeeperBridge } from '../shared/ipc.ts';
import type { Snapshot } from '../shared/snapshot.ts';

declare global {
  interface Window {
    readonly keeper: KeeperBridge;
  }
}

/** A snapshot and when it came, by this process's own steady clock. */
export interface Received {
  readonly snapshot: Snapshot;
  readonly receivedAtMs: number;
}

/** The newest snapshot by revision; null until main has answered. */
export function useSnapshot(bridge: KeeperBridge): Received | null {
  const [received, setReceived] = useState<Received | null>(null);
  useEffect(() => {
    const accept = (snapshot: Snapshot): void => {
      const arrived = { snapshot, receivedAtMs: performance.now() };
      setReceived((current) =>
        current && current.snapshot.revision > snapshot.revision ? current : arrived,
      );
    };
    const stop = bridge.onSnapshot(accept);
    // A refused subscription leaves the splash; a push may still come.
    bridge.send({ do: 'subscribe' }).then(
      ({ snapshot }) => snapshot && accept(snapshot),
      () => {},
    );
    return stop;
  }, [bridge]);
  return received;
}

export const BridgeContext = createContext<KeeperBridge | null>(null);

/** Asks when the part appears and whenever `revision` changes, as the intent then is; null until the first answer. */
export function useAnswer(intent: Intent, revision?: number): IntentReply | null {
  const bridge = useContext(BridgeContext);
  const [reply, setReply] = useState<IntentReply | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the intent is new with every render, and asks for the same
  useEffect(() => {
    let isGone = false;
    bridge?.send(intent).then(
      (answer) => {
        if (!isGone) setReply(answer);
      },
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, [bridge, revision]);
  return reply;
}

export type Asked =
  | { readonly phase: 'idle' }
  | { readonly phase: 'sent'; readonly what: Intent['do'] }
  | { readonly phase: 'answered'; readonly what: Intent['do']; readonly reply: IntentReply }
  | { readonly phase: 'unanswered'; readonly what: Intent['do'] };

/** Sends intents for one control group and keeps the answer to the latest. The state itself arrives as a snapshot. */
export function useAsk(): { readonly asked: Asked; readonly ask: (intent: Intent) => void } {
  const bridge = useContext(BridgeContext);
  const [asked, setAsked] = useState<Asked>({ phase: 'idle' });
  const latest = useRef(0);
  const ask = (intent: Intent): void => {
    const turn = ++latest.current;
    const show = (next: Asked): void => {
      if (turn === latest.current) setAsked(next);
    };
    setAsked({ phase: 'sent', what: intent.do });
    bridge?.send(intent).then(
      (reply) => show({ phase: 'answered', what: intent.do, reply }),
      () => show({ phase: 'unanswered', what: intent.do }),
    );
  };
  return { asked, ask };
}
