/**
 * What the window may do besides showing itself: nothing but notify. Permissions are asked of the page by Chromium;
 * leaving the page, opening others and downloading are closed here too, since no page of ours does any of it.
 */
import type { App as ElectronApp, Session, WebContents } from 'electron';
import type { Log } from '../ports.ts';
import { APP_ORIGIN } from './app-scheme.ts';

type Asked = Parameters<Exclude<Parameters<Session['setPermissionCheckHandler']>[0], null>>[1];

interface Rule {
  readonly answer: 'allow' | 'deny';
  readonly why: string;
}

const allow = (why: string): Rule => ({ answer: 'allow', why });
const deny = (why: string): Rule => ({ answer: 'deny', why });

/** Every permission this Electron knows; a new one does not compile until it has a row. */
const RULES: Readonly<Record<Asked, Rule>> = {
  notifications: allow('warnings are shown by the window, as the operator asked'),

  'clipboard-read': deny('main reads the clipboard, on a click'),
  'clipboard-sanitized-write': deny('main writes the clipboard, on a click'),
  'deprecated-sync-clipboard-read': deny('main reads the clipboard, on a click'),
  openExternal: deny('main opens the browser, at addresses it built itself'),

  media: deny('no camera, no microphone'),
  mediaKeySystem: deny('plays nothing'),
  'speaker-selection': deny('plays nothing'),
  'display-capture': deny('looks at no screen'),
  'captured-surface-control': deny('looks at no screen'),
  geolocation: deny('where the operator is, is none of our business'),
  'geolocation-approximate': deny('where the operator is, is none of our business'),
  'idle-detection': deny('whether somebody sits there is none of our business'),
  'local-fonts': deny('uses the fonts of the system by name'),

  fileSystem: deny('main reads and writes files'),
  'persistent-storage': deny('main is the only one that remembers'),
  'storage-access': deny('keeps nothing'),
  'top-level-storage-access': deny('keeps nothing'),

  'local-network': deny('the window uses no network'),
  'local-network-access': deny('the window uses no network'),
  'loopback-network': deny('the window uses no network'),
  'background-fetch': deny('the window uses no network'),
  'background-sync': deny('the window uses no network'),
  'periodic-background-sync': deny('the window uses no network'),

  fullscreen: deny('a small window stays one'),
  'automatic-fullscreen': deny('a small window stays one'),
  pointerLock: deny('the pointer belongs to the operator'),
  keyboardLock: deny('the keyboard belongs to the operator'),
  'window-management': deny('one window, placed by main'),
  'screen-wake-lock': deny('the machine may sleep; due times are absolute'),
  'system-wake-lock': deny('the machine may sleep; due times are absolute'),

  hid: deny('no devices'),
  usb: deny('no devices'),
  serial: deny('no devices'),
  midi: deny('no devices'),
  midiSysex: deny('no devices'),
  nfc: deny('no devices'),
  'smart-card': deny('no devices'),
  sensors: deny('no devices'),
  ar: deny('no devices'),
  vr: deny('no devices'),
  'hand-tracking': deny('no devices'),

  'payment-handler': deny('sells nothing'),
  'web-app-installation': deny('installs nothing'),
  'web-printing': deny('prints nothing'),
  unknown: deny('what Chromium cannot name'),
};

/** Pure: the answer to a permission asked by `origin`. Names this table does not know (another Electron) are denied. */
export function isPermitted(permission: string, origin: string): boolean {
  const rule = Object.hasOwn(RULES, permission) ? RULES[permission as Asked] : undefined;
  return rule?.answer === 'allow' && origin.replace(/\/$/, '') === APP_ORIGIN;
}

/**
 * Answers every permission of a session by the table, hands out no devices and downloads nothing, not even the spell
 * checker's dictionaries, which a session fetches from Chromium's host although no page of ours is checked. Electron asks again
 * for each notification right before the system gets it: `mayShow` says whether this one may go there.
 */
export function registerPermissions(session: Session, log: Log, mayShow: () => boolean): () => void {
  session.setSpellCheckerEnabled(false);
  // It has begun to load by now, and would still ask Chromium's host for what it lacks.
  session.setSpellCheckerDictionaryDownloadURL('file:///nowhere/');
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    const origin = details.isMainFrame ? originOf(details.requestingUrl) : '';
    const permitted = isPermitted(permission, origin) && (permission !== 'notifications' || mayShow());
    if (!permitted) log.warn('window', `denied ${permission}`, String(contents.id));
    callback(permitted);
  });
  // Not logged: Chromium checks again and again.
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  const refuseDownload = (event: { preventDefault(): void }): void => {
    event.preventDefault();
    log.warn('window', 'refused a download');
  };
  session.on('will-download', refuseDownload);
  // Behind the content security policy: whatever slips past it still reaches no network and no file.
  session.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, callback) => {
    const ours = OWN_SCHEMES.some((scheme) => url.startsWith(scheme));
    if (!ours) log.warn('window', `refused a request to ${url.split(':', 1)[0]}:`);
    callback({ cancel: !ours });
  });
  return () => {
    session.setPermissionRequestHandler(null);
    session.setPermissionCheckHandler(null);
    session.setDevicePermissionHandler(null);
    session.off('will-download', refuseDownload);
    session.webRequest.onBeforeRequest(null);
  };
}

/** `data:` is a picture by the policy; the developer tools are absent from a packaged app. */
const OWN_SCHEMES = [`${APP_ORIGIN}/`, 'data:', 'devtools:'];

function originOf(url: string): string {
  // `new URL().origin` is "null" for schemes the standard does not know.
  return url.startsWith(`${APP_ORIGIN}/`) ? APP_ORIGIN : '';
}

/** Closes every way out of a page, for all contents that ever come up; returns its remover. */
export function registerNavigationGuard(app: ElectronApp, log: Log): () => void {
  const guard = (_event: unknown, contents: WebContents): void => {
    const refuse =
      (what: string) =>
      (event: { preventDefault(): void }): void => {
        event.preventDefault();
        log.warn('window', `refused ${what}`, String(contents.id));
      };
    // Loads by main itself raise none of these.
    contents.on('will-navigate', refuse('to navigate'));
    contents.on('will-frame-navigate', refuse('to navigate a frame'));
    contents.on('will-redirect', refuse('a redirect'));
    contents.on('will-attach-webview', refuse('a webview'));
    contents.setWindowOpenHandler(() => {
      log.warn('window', 'refused to open a window', String(contents.id));
      return { action: 'deny' };
    });
  };
  app.on('web-contents-created', guard);
  return () => {
    app.off('web-contents-created', guard);
  };
}
