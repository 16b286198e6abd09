import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { until } from '../../tests/support/poll.ts';
import type { Desktop } from '../desktop.ts';
import { findProgram } from '../system-packages.ts';

/** The desktop's own browser, once an app has opened it. */
export interface OpenedBrowser {
  /** The tab whose address starts with `prefix`. */
  waitForTab(prefix: string): Promise<Page>;
  /** Its tabs, empty ones aside. */
  tabs(): readonly Page[];
}

export interface DefaultBrowser {
  /** Waits until some program on the desktop has opened an address with it. */
  waitUntilOpened(): Promise<OpenedBrowser>;
  /** Closes it with all its tabs; nothing to do where it was never opened. */
  close(): Promise<void>;
}

const OPENED_WITHIN_MS = 30_000;
const ENTRY = 'demo-browser.desktop';

/**
 * Makes Chromium the desktop's default browser, as its users have it: an application entry, named in mimeapps.list.
 * Apps reach it through the real `xdg-open`; we only watch it, through its debugging port.
 *
 * @param options.language what pages are asked for
 * @param options.scale device pixels per CSS pixel; default 1
 */
export async function installDefaultBrowser(
  desktop: Desktop,
  options: { readonly language: string; readonly scale?: number },
): Promise<DefaultBrowser> {
  const folder = path.join(desktop.folder, 'browser');
  const profile = path.join(folder, 'profile');
  const pidFile = path.join(folder, 'pid');
  const command = path.join(folder, 'start');
  await mkdir(folder, { recursive: true });
  await writeFile(command, startScript({ folder, profile, pidFile, ...options }), {
    mode: 0o755,
  });
  await writeIn(`${desktop.env.XDG_DATA_HOME}/applications`, ENTRY, applicationEntry(command));
  await writeIn(`${desktop.env.XDG_CONFIG_HOME}`, 'mimeapps.list', defaultsFor(ENTRY));
  const opened: Browser[] = [];
  return {
    async waitUntilOpened() {
      const port = await until(
        // Written in two steps: the port, then the path behind it.
        async () => /^(\d+)\n./.exec(await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8'))?.[1],
        { timeoutMs: OPENED_WITHIN_MS, what: "the system's browser" },
      );
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
      opened.push(browser);
      const tabs = () =>
        browser
          .contexts()
          .flatMap((context) => context.pages())
          .filter((page) => page.url().startsWith('http'));
      return {
        tabs,
        waitForTab: (prefix) =>
          until(() => tabs().find((page) => page.url().startsWith(prefix)), {
            timeoutMs: OPENED_WITHIN_MS,
            what: `a browser tab at ${prefix}`,
          }),
      };
    },
    async close() {
      const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
      for (const browser of opened.splice(0)) await browser.close();
      if (pid > 0) await endProcess(pid);
    },
  };
}

async function writeIn(folder: string, name: string, content: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, name), content);
}

function startScript(options: {
  readonly folder: string;
  readonly profile: string;
  readonly pidFile: string;
  readonly language: string;
  readonly scale?: number;
}): string {
  const program = ['chromium', 'chromium-browser', 'google-chrome']
    .map((name) => findProgram(name))
    .find(Boolean);
  if (!program) throw new Error('no Chromium on PATH');
  const flags = [
    // Its sandbox refuses to run as root; the second flag keeps the warning about that out of the pictures.
    ...(process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []),
    ...['--password-store=basic', '--disable-gpu', '--disable-quic'],
    // The offer to translate lies over the page.
    '--disable-features=Translate',
    ...['--no-first-run', '--no-default-browser-check', '--disable-sync'],
    ...['--disable-background-networking', '--disable-component-update'],
    ...['--window-size=740,700', '--window-position=24,24'],
    `--accept-lang=${options.language}`,
    `--force-device-scale-factor=${options.scale ?? 1}`,
    `--user-data-dir=${options.profile}`,
    '--remote-debugging-port=0',
  ];
  const words = [program, ...flags].map(shellWord).join(' ');
  return `#!/bin/sh
# A second address goes to the browser that runs already, and this process ends at once.
[ -e ${shellWord(options.pidFile)} ] || echo $$ > ${shellWord(options.pidFile)}
exec ${words} "$@" >> ${shellWord(path.join(options.folder, 'log'))} 2>&1
`;
}

/** The command is not in quotes: Xfce's exo-open 4.18 hangs on an Exec that begins with one. */
function applicationEntry(command: string): string {
  if (/[\s"'\\%]/.test(command)) throw new Error(`no command for an application entry: ${command}`);
  return `[Desktop Entry]
Type=Application
Name=Chromium
Exec=${command} %u
Terminal=false
MimeType=x-scheme-handler/http;x-scheme-handler/https;
`;
}

function defaultsFor(entry: string): string {
  return `[Default Applications]
x-scheme-handler/http=${entry}
x-scheme-handler/https=${entry}
`;
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

async function endProcess(pid: number): Promise<void> {
  const signal = (name: NodeJS.Signals | 0) => {
    try {
      return process.kill(pid, name);
    } catch {
      return false;
    }
  };
  signal('SIGTERM');
  try {
    await until(() => !signal(0), { timeoutMs: 5_000, what: "the browser's end" });
  } catch {
    signal('SIGKILL');
  }
}
