import dbus from 'dbus-next';
import { connectToBus } from '../session-bus.ts';

export type Theme = 'light' | 'dark';

export interface Appearance {
  /** Switches the whole desktop; running apps follow. */
  set(theme: Theme): void;
  stop(): void;
}

const PORTAL = 'org.freedesktop.portal.Desktop';
const PORTAL_PATH = '/org/freedesktop/portal/desktop';
const NAMESPACE = 'org.freedesktop.appearance';
const KEY = 'color-scheme';
/** XDG Desktop Portal, Settings: 1 prefers dark, 2 prefers light. */
const SCHEMES: Readonly<Record<Theme, number>> = { dark: 1, light: 2 };

const { Interface } = dbus.interface;

class Settings extends Interface {
  scheme: number;
  constructor(theme: Theme) {
    super('org.freedesktop.portal.Settings');
    this.scheme = SCHEMES[theme];
  }
  /** The older call wraps its answer twice. */
  Read(namespace: string, key: string): dbus.Variant {
    return new dbus.Variant('v', this.ReadOne(namespace, key));
  }
  ReadOne(namespace: string, key: string): dbus.Variant {
    if (namespace !== NAMESPACE || key !== KEY) {
      throw new dbus.DBusError('org.freedesktop.portal.Error.NotFound', `no ${namespace} ${key}`);
    }
    return new dbus.Variant('u', this.scheme);
  }
  SettingChanged(namespace: string, key: string, value: dbus.Variant): unknown[] {
    return [namespace, key, value];
  }
}
Settings.configureMembers({
  methods: {
    Read: { inSignature: 'ss', outSignature: 'v' },
    ReadOne: { inSignature: 'ss', outSignature: 'v' },
  },
  signals: { SettingChanged: { signature: 'ssv' } },
});

/**
 * Gives a desktop a light or dark theme as GNOME, KDE and Xfce tell it to apps: through the settings portal on the
 * session bus. Chromium, and so the app, asks for it at start and follows its changes. Start it before the apps.
 */
export async function startAppearance(busAddress: string, theme: Theme): Promise<Appearance> {
  const bus = await connectToBus(busAddress);
  const settings = new Settings(theme);
  bus.export(PORTAL_PATH, settings);
  await bus.requestName(PORTAL, 0);
  return {
    set(next) {
      settings.scheme = SCHEMES[next];
      settings.SettingChanged(NAMESPACE, KEY, new dbus.Variant('u', SCHEMES[next]));
    },
    stop: () => bus.disconnect(),
  };
}
