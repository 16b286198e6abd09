import dbus from 'dbus-next';
import { connectToBus, leaveBus } from '../../scripts/session-bus.ts';
import { until } from './poll.ts';

const NAME = 'org.freedesktop.Notifications';

/** Why a notification went, by the desktop notifications specification. */
const CLOSED = { dismissed: 2, byTheApp: 3 } as const;

export interface Notification {
  readonly id: number;
  readonly app: string;
  readonly summary: string;
  readonly body: string;
  /** Alternating keys and labels; `default` is the click on the notice itself. */
  readonly actions: readonly string[];
  readonly hints: Readonly<Record<string, unknown>>;
  /** By `now` of the options. */
  readonly at: number;
}

export interface NotificationDaemon {
  /** All that came, oldest first; one that replaces another is one more entry of the same id. */
  all(): readonly Notification[];
  /** Ids of those that the app itself closed. */
  closedByApp(): readonly number[];
  /** The first that fits and has not been returned before. */
  next(options?: {
    readonly timeoutMs?: number;
    readonly where?: (notification: Notification) => boolean;
  }): Promise<Notification>;
  click(id: number, action?: string): void;
  dismiss(id: number): void;
  stop(): Promise<void>;
}

class Server extends dbus.interface.Interface {
  readonly received: Notification[] = [];
  readonly closed: number[] = [];
  readonly #now: () => number;
  #nextId = 1;

  constructor(name: string, now: () => number) {
    super(name);
    this.#now = now;
  }

  Notify(
    app: string,
    replaces: number,
    _icon: string,
    summary: string,
    body: string,
    actions: string[],
    hints: Record<string, dbus.Variant<unknown>>,
    _timeoutMs: number,
  ): number {
    const id = replaces || this.#nextId++;
    const plain = Object.fromEntries(Object.entries(hints).map(([name, { value }]) => [name, value]));
    this.received.push({ id, app, summary, body, actions, hints: plain, at: this.#now() });
    return id;
  }
  CloseNotification(id: number): void {
    this.closed.push(id);
    this.NotificationClosed(id, CLOSED.byTheApp);
  }
  GetCapabilities(): string[] {
    return ['body', 'actions', 'persistence'];
  }
  GetServerInformation(): string[] {
    return ['recorder', 'tests', '1', '1.2'];
  }
  ActionInvoked(id: number, action: string): [number, string] {
    return [id, action];
  }
  NotificationClosed(id: number, reason: number): [number, number] {
    return [id, reason];
  }
}
Server.configureMembers({
  methods: {
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u', outSignature: '' },
    GetCapabilities: { inSignature: '', outSignature: 'as' },
    GetServerInformation: { inSignature: '', outSignature: 'ssss' },
  },
  signals: { ActionInvoked: { signature: 'us' }, NotificationClosed: { signature: 'uu' } },
});

/** Plays the desktop's notification daemon on the bus: records, and answers as a person would. */
export async function startNotificationDaemon(
  busAddress: string,
  { now = Date.now }: { readonly now?: () => number } = {},
): Promise<NotificationDaemon> {
  const bus = await connectToBus(busAddress);
  const server = new Server(NAME, now);
  bus.export('/org/freedesktop/Notifications', server);
  if ((await bus.requestName(NAME, dbus.NameFlag.DO_NOT_QUEUE)) !== dbus.RequestNameReply.PRIMARY_OWNER) {
    leaveBus(bus);
    throw new Error(`somebody else shows notifications on ${busAddress}`);
  }
  const returned = new Set<Notification>();
  return {
    all: () => [...server.received],
    closedByApp: () => [...server.closed],
    async next({ timeoutMs = 20_000, where = () => true } = {}) {
      const found = await until(() => server.received.find((each) => !returned.has(each) && where(each)), {
        timeoutMs,
        what: 'the notification',
      });
      returned.add(found);
      return found;
    },
    click(id, action = 'default') {
      server.ActionInvoked(id, action);
      server.NotificationClosed(id, CLOSED.dismissed);
    },
    dismiss: (id) => {
      server.NotificationClosed(id, CLOSED.dismissed);
    },
    async stop() {
      leaveBus(bus);
    },
  };
}
