// The blank app with the product's page in its window, as safely as the product shows it (a scheme of its own, a policy,
// a preload) and with no program behind: what of a start the page and its safety take.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, Menu, protocol, Tray } from 'electron';

const { OWN_PAGE_DIST } = process.env;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
let tray;
let window;

async function answer({ url }) {
  const { pathname } = new URL(url);
  const body = await readFile(path.join(OWN_PAGE_DIST, 'renderer', pathname));
  return new Response(body, {
    headers: {
      'Content-Type': TYPES[path.extname(pathname)],
      'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'",
    },
  });
}

function showWindow() {
  window = new BrowserWindow({
    width: 420,
    height: 680,
    webPreferences: { sandbox: true, preload: path.join(OWN_PAGE_DIST, 'preload/preload.cjs') },
  });
  window.removeMenu();
  window.on('closed', () => {
    window = undefined;
  });
  window.loadURL('app://keeper/index.html');
}

if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
]);
app.on('window-all-closed', () => {});
app.whenReady().then(() => {
  protocol.handle('app', answer);
  tray = new Tray(path.join(OWN_PAGE_DIST, 'icons/app-32.png'));
  tray.setToolTip('own page');
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open', click: showWindow },
      { label: 'Quit', click: () => app.quit() },
    ]),
  );
  showWindow();
});
