import { contextBridge, ipcRenderer } from 'electron';
import { INTENT_CHANNEL, type KeeperBridge, SNAPSHOT_CHANNEL } from '../shared/ipc.ts';
import type { Snapshot } from '../shared/snapshot.ts';

// No validation here: main believes nothing that comes out of this process anyway.
const bridge: KeeperBridge = {
  send: (intent) => ipcRenderer.invoke(INTENT_CHANNEL, intent),
  onSnapshot(listener) {
    // The event stays behind: it would hand the page a sender.
    const pass = (_event: unknown, snapshot: Snapshot) => listener(snapshot);
    ipcRenderer.on(SNAPSHOT_CHANNEL, pass);
    return () => {
      ipcRenderer.off(SNAPSHOT_CHANNEL, pass);
    };
  },
};

contextBridge.exposeInMainWorld('keeper', bridge);
