import { contextBridge, ipcRenderer } from 'electron';
import {
  INTENT_CHANNEL,
  type Intent,
  type KeeperBridge,
  NOTICE_CHANNEL,
  SNAPSHOT_CHANNEL,
} from '../shared/ipc.ts';

/** Hands on what main pushes, without the event, which would hand the page a sender. */
function listenTo<T>(channel: string): (listener: (pushed: T) => void) => () => void {
  return (listener) => {
    const pass = (_event: unknown, pushed: T) => listener(pushed);
    ipcRenderer.on(channel, pass);
    return () => {
      ipcRenderer.off(channel, pass);
    };
  };
}

// No validation here: main believes nothing that comes out of this process anyway.
const bridge: KeeperBridge = {
  send: (intent) => ipcRenderer.invoke(INTENT_CHANNEL, intent),
  onSnapshot: listenTo(SNAPSHOT_CHANNEL),
  onNotice: listenTo(NOTICE_CHANNEL),
};

// The policy refuses within the page's process; so that it is logged, main is told. What was tried stays here.
window.addEventListener('securitypolicyviolation', ({ effectiveDirective: directive }) => {
  void ipcRenderer.invoke(INTENT_CHANNEL, { do: 'violation', directive } satisfies Intent);
});

contextBridge.exposeInMainWorld('keeper', bridge);
