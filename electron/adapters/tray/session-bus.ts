import { connect, type Socket } from 'node:net';
import { type Call, decodeMessages, encodeCall, MESSAGE_TYPE, type Message } from './dbus-wire.ts';

export interface SessionBus {
  /** Asks a service; null when it is not there, refuses, or the connection ended. */
  call(call: Call): Promise<readonly unknown[] | null>;
  /** Signals that `matchSignals` asked for. */
  onSignal(listener: (signal: Message) => void): void;
  /** Asks the bus to pass signals on; a rule as in the D-Bus specification, "Match Rules". */
  matchSignals(rule: string): Promise<void>;
  close(): void;
}

const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};
const CONNECT_TIMEOUT_MS = 3_000;
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * The socket of the session bus: the first Unix socket that `DBUS_SESSION_BUS_ADDRESS` names, else the systemd user
 * bus. A leading NUL stands for an abstract socket.
 */
export function sessionBusSocketOf(env: NodeJS.ProcessEnv): string | null {
  for (const address of (env.DBUS_SESSION_BUS_ADDRESS ?? '').split(';')) {
    const [transport, parameters = ''] = address.split(':', 2);
    if (transport !== 'unix') continue;
    const named = new Map(parameters.split(',').map((pair) => pair.split('=', 2) as [string, string]));
    const path = named.get('path');
    if (path) return decodeURIComponent(path);
    const abstract = named.get('abstract');
    if (abstract) return `\0${decodeURIComponent(abstract)}`;
  }
  return env.XDG_RUNTIME_DIR ? `${env.XDG_RUNTIME_DIR}/bus` : null;
}

/** Connects; null when there is no session bus. `onEnd` comes once if the connection ends by itself. */
export async function connectSessionBus(
  env: NodeJS.ProcessEnv,
  onEnd: () => void,
): Promise<SessionBus | null> {
  const path = sessionBusSocketOf(env);
  if (path === null) return null;
  const socket = await authenticate(path, process.getuid?.() ?? 0);
  if (socket === null) return null;
  const bus = speak(socket, onEnd);
  // Not waited for, for a tray icon does: the bus answers in order, and whom it does not greet it answers nothing else.
  void bus.call({ ...BUS, member: 'Hello', args: [] }).then((greeting) => {
    if (greeting === null) bus.close();
  });
  return bus;
}

/** The text protocol before the first message (D-Bus specification, "Authentication Protocol"). */
function authenticate(path: string, uid: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    let said = '';
    const end = (outcome: Socket | null): void => {
      socket.off('data', listen);
      socket.off('error', fail);
      socket.off('close', fail);
      socket.setTimeout(0);
      if (outcome === null) {
        // An error after this one would have no listener.
        socket.on('error', () => {});
        socket.destroy();
      }
      resolve(outcome);
    };
    const fail = (): void => end(null);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString('latin1');
      if (!said.includes('\r\n')) return;
      const isWelcome = said.startsWith('OK ');
      if (isWelcome) socket.write('BEGIN\r\n');
      end(isWelcome ? socket : null);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, fail);
    socket.on('error', fail);
    socket.on('close', fail);
    socket.on('data', listen);
    socket.on('connect', () =>
      socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(uid)).toString('hex')}\r\n`),
    );
  });
}

function speak(socket: Socket, onEnd: () => void): SessionBus {
  const waiting = new Map<number, (body: readonly unknown[] | null) => void>();
  const listeners: ((signal: Message) => void)[] = [];
  let serial = 0;
  let arrived: Buffer = Buffer.alloc(0);
  let closed = false;

  const take = (message: Message): void => {
    if (message.type === MESSAGE_TYPE.signal) {
      for (const listener of listeners) listener(message);
    } else if (message.replySerial !== null) {
      waiting.get(message.replySerial)?.(message.type === MESSAGE_TYPE.reply ? message.body : null);
      waiting.delete(message.replySerial);
    }
  };

  socket.on('data', (chunk) => {
    try {
      const { messages, rest } = decodeMessages(Buffer.concat([arrived, chunk]));
      arrived = rest;
      for (const message of messages) take(message);
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => {
    // 'close' follows.
  });
  socket.on('close', () => {
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
    if (!closed) onEnd();
    closed = true;
  });

  const call = (what: Call): Promise<readonly unknown[] | null> =>
    new Promise((resolve) => {
      if (socket.destroyed) return resolve(null);
      serial += 1;
      const mine = serial;
      // The bus waits for a hung program for ever; the start of ours must not.
      const late = setTimeout(() => answer(null), ANSWER_TIMEOUT_MS);
      const answer = (body: readonly unknown[] | null): void => {
        clearTimeout(late);
        waiting.delete(mine);
        resolve(body);
      };
      waiting.set(mine, answer);
      socket.write(encodeCall(what, mine));
    });

  return {
    call,
    onSignal: (listener) => {
      listeners.push(listener);
    },
    matchSignals: async (rule) => {
      await call({ ...BUS, member: 'AddMatch', args: [rule] });
    },
    close() {
      closed = true;
      socket.destroy();
    },
  };
}
