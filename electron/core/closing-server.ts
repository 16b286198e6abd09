import type { RedirectServer, Timers } from '../ports.ts';

/** How long a finished flow still answers 410, in real time (docs/keeper.md, 20). */
export const CLOSED_ANSWERS_MS = 60_000;

/** Holds the server of the flow that ended last, and with it its port, for a minute or until it is needed again. */
export interface ClosingServer {
  hold(server: RedirectServer): void;
  /** Closes what is held, at once. */
  close(): Promise<void>;
}

export function createClosingServer(timers: Timers): ClosingServer {
  let held: { readonly server: RedirectServer; readonly forget: () => void } | null = null;
  async function close(): Promise<void> {
    const closing = held;
    held = null;
    closing?.forget();
    await closing?.server.close();
  }
  return {
    hold(server) {
      void close();
      held = { server, forget: timers.after(CLOSED_ANSWERS_MS, () => void close()) };
    },
    close,
  };
}
