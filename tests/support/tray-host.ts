import dbus from 'dbus-next';
import { connectToBus, leaveBus } from '../../scripts/session-bus.ts';
import { until } from './poll.ts';

const { Interface, ACCESS_READ } = dbus.interface;
const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';

export interface MenuEntry {
  readonly id: number;
  /** Without the mark of the access key. */
  readonly label: string;
  readonly kind: 'entry' | 'separator' | 'submenu';
  readonly enabled: boolean;
  readonly visible: boolean;
  readonly checked: boolean | undefined;
  /** 0 at the top. */
  readonly depth: number;
}

export interface TrayIcon {
  readonly width: number;
  readonly height: number;
  /** 4 bytes per pixel. */
  readonly argb: Buffer;
}

export interface TrayItem {
  /** Bus name and object path. */
  readonly id: string;
  /** A property of org.kde.StatusNotifierItem. */
  property(name: string): Promise<unknown>;
  toolTip(): Promise<string>;
  icons(): Promise<readonly TrayIcon[]>;
  /** The menu as it is now, flat, in its order. Ids change whenever the app builds it anew. */
  menu(): Promise<readonly MenuEntry[]>;
  /**
   * Clicks the one visible, enabled entry of that label, or the first that fits. A disabled one is an error here,
   * as no person can click it.
   */
  click(which: string | ((entry: MenuEntry) => boolean)): Promise<void>;
  /** The left click. */
  activate(): Promise<void>;
}

export interface TrayHost {
  items(): Promise<readonly TrayItem[]>;
  waitItem(options?: { readonly timeoutMs?: number }): Promise<TrayItem>;
  stop(): Promise<void>;
}

class Watcher extends Interface {
  readonly registered: string[] = [];
  /** Who sent the call that is being handled. */
  sender = '';

  RegisterStatusNotifierItem(service: string): void {
    // Some send their object's path, some their bus name, by the letter of the specification.
    const id = service.startsWith('/')
      ? `${this.sender}${service}`
      : service.includes('/')
        ? service
        : `${service}/StatusNotifierItem`;
    if (!this.registered.includes(id)) this.registered.push(id);
    this.StatusNotifierItemRegistered(id);
  }
  RegisterStatusNotifierHost(): void {
    this.StatusNotifierHostRegistered();
  }
  forget(busName: string): void {
    for (const id of this.registered.filter((each) => each.startsWith(`${busName}/`))) {
      this.registered.splice(this.registered.indexOf(id), 1);
      this.StatusNotifierItemUnregistered(id);
    }
  }
  get RegisteredStatusNotifierItems(): string[] {
    return this.registered;
  }
  get IsStatusNotifierHostRegistered(): boolean {
    return true;
  }
  get ProtocolVersion(): number {
    return 0;
  }
  StatusNotifierItemRegistered(id: string): string {
    return id;
  }
  StatusNotifierItemUnregistered(id: string): string {
    return id;
  }
  StatusNotifierHostRegistered(): void {}
}
Watcher.configureMembers({
  properties: {
    RegisteredStatusNotifierItems: { signature: 'as', access: ACCESS_READ },
    IsStatusNotifierHostRegistered: { signature: 'b', access: ACCESS_READ },
    ProtocolVersion: { signature: 'i', access: ACCESS_READ },
  },
  methods: {
    RegisterStatusNotifierItem: { inSignature: 's' },
    RegisterStatusNotifierHost: { inSignature: 's' },
  },
  signals: {
    StatusNotifierItemRegistered: { signature: 's' },
    StatusNotifierItemUnregistered: { signature: 's' },
    StatusNotifierHostRegistered: { signature: '' },
  },
});

/** Plays the panel's tray on the bus. Start it before the app, which looks for a host once, when it starts. */
export async function startTrayHost(busAddress: string): Promise<TrayHost> {
  const bus = await connectToBus(busAddress);
  const watcher = new Watcher(WATCHER);
  bus.on('message', (message) => {
    if (message.member === 'RegisterStatusNotifierItem') watcher.sender = message.sender;
    if (message.member === 'NameOwnerChanged' && message.body[2] === '') watcher.forget(message.body[0]);
  });
  bus.export('/StatusNotifierWatcher', watcher);
  const call = callOn(bus);
  const daemon = 'org.freedesktop.DBus';
  await call(daemon, '/org/freedesktop/DBus', daemon, 'AddMatch', 's', [
    `type='signal',interface='${daemon}',member='NameOwnerChanged'`,
  ]);
  if ((await bus.requestName(WATCHER, dbus.NameFlag.DO_NOT_QUEUE)) !== dbus.RequestNameReply.PRIMARY_OWNER) {
    leaveBus(bus);
    throw new Error(`somebody else is the tray host on ${busAddress}`);
  }
  // Given up first: a question that came after the connection's end could not be answered.
  return hostOver(
    bus,
    async () => watcher.registered,
    () => bus.releaseName(WATCHER),
  );
}

/** The items of a tray that somebody else hosts, such as the panel of a real desktop. */
export async function observeTray(busAddress: string): Promise<TrayHost> {
  const bus = await connectToBus(busAddress);
  return hostOver(bus, async () => {
    const get = 'org.freedesktop.DBus.Properties';
    const name = 'RegisteredStatusNotifierItems';
    const [value] = await callOn(bus)(WATCHER, '/StatusNotifierWatcher', get, 'Get', 'ss', [WATCHER, name]);
    return (value as dbus.Variant<string[]>).value;
  });
}

function hostOver(
  bus: dbus.MessageBus,
  registered: () => Promise<readonly string[]>,
  giveUp: () => Promise<unknown> = async () => {},
): TrayHost {
  const call = callOn(bus);
  const items = async () => (await registered()).map((id) => itemOf(id, call));
  return {
    items,
    waitItem: ({ timeoutMs = 20_000 } = {}) =>
      until(async () => (await items())[0], { timeoutMs, what: 'the tray item' }),
    async stop() {
      await giveUp();
      leaveBus(bus);
    },
  };
}

function callOn(bus: dbus.MessageBus): Call {
  return async (destination, path, iface, member, signature, body) => {
    const request = new dbus.Message({
      destination,
      path,
      interface: iface,
      member,
      signature,
      body: [...body],
    });
    return (await bus.call(request))?.body ?? [];
  };
}

type Call = (
  destination: string,
  path: string,
  iface: string,
  member: string,
  signature: string,
  body: readonly unknown[],
) => Promise<unknown[]>;

function itemOf(id: string, call: Call): TrayItem {
  const busName = id.slice(0, id.indexOf('/'));
  const objectPath = id.slice(id.indexOf('/'));
  const property = async (name: string): Promise<unknown> => {
    const get = 'org.freedesktop.DBus.Properties';
    const [value] = await call(busName, objectPath, get, 'Get', 'ss', [ITEM, name]);
    return (value as dbus.Variant<unknown>).value;
  };
  const callMenu = async (member: string, signature: string, body: readonly unknown[]) =>
    call(busName, (await property('Menu')) as string, MENU, member, signature, body);
  const menu = async () => {
    const [, root] = await callMenu('GetLayout', 'iias', [0, -1, []]);
    return childrenOf(root as LayoutNode, 0);
  };
  return {
    id,
    property,
    async toolTip() {
      const [, , title, text] = (await property('ToolTip')) as [string, unknown, string, string];
      return [title, text].filter((part) => part !== '').join('\n');
    },
    async icons() {
      const pixmaps = (await property('IconPixmap')) as readonly [number, number, Buffer][];
      return pixmaps.map(([width, height, bytes]) => ({ width, height, argb: Buffer.from(bytes) }));
    },
    menu,
    async click(which) {
      const fits = typeof which === 'string' ? (entry: MenuEntry) => entry.label === which : which;
      const entries = await menu();
      const entry = entries.find((each) => each.visible && fits(each));
      const labels = entries.map(({ label }) => label).join(' | ');
      if (!entry) throw new Error(`no such menu entry: ${which} among ${labels}`);
      if (!entry.enabled) throw new Error(`the menu entry ${entry.label} is disabled`);
      await callMenu('Event', 'isvu', [entry.id, 'clicked', new dbus.Variant('s', ''), 0]);
    },
    async activate() {
      await call(busName, objectPath, ITEM, 'Activate', 'ii', [0, 0]);
    },
  };
}

type LayoutNode = readonly [
  id: number,
  properties: Readonly<Record<string, dbus.Variant<unknown>>>,
  children: readonly dbus.Variant<LayoutNode>[],
];

function childrenOf([, , children]: LayoutNode, depth: number): MenuEntry[] {
  return children.flatMap(({ value: node }) => {
    const [id, properties] = node;
    const read = (name: string) => properties[name]?.value;
    const toggle = read('toggle-type') ? read('toggle-state') === 1 : undefined;
    const kind =
      read('type') === 'separator'
        ? 'separator'
        : read('children-display') === 'submenu'
          ? 'submenu'
          : 'entry';
    const entry: MenuEntry = {
      id,
      label: plainLabel(String(read('label') ?? '')),
      kind,
      enabled: read('enabled') !== false,
      visible: read('visible') !== false,
      checked: toggle,
      depth,
    };
    return [entry, ...childrenOf(node, depth + 1)];
  });
}

/** `_` marks the access key, `__` is an underscore. */
function plainLabel(label: string): string {
  return label.replace(/_(.?)/g, '$1');
}
