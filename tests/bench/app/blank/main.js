// The least that can be called a tray app: an icon, a tooltip, a menu, and a window when it is asked for.
import path from 'node:path';
import { app, BrowserWindow, Menu, Tray } from 'electron';

const { dirname } = import.meta;
let tray;
let window;

function showWindow() {
  window = new BrowserWindow({ width: 420, height: 680, webPreferences: { sandbox: true } });
  window.removeMenu();
  window.on('closed', () => {
    window = undefined;
  });
  window.loadFile(path.join(dirname, 'page.html'));
}

if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.on('window-all-closed', () => {});
app.whenReady().then(() => {
  tray = new Tray(process.env.BLANK_ICON);
  tray.setToolTip('blank');
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open', click: showWindow },
      { label: 'Quit', click: () => app.quit() },
    ]),
  );
  if (!app.commandLine.hasSwitch('hidden')) showWindow();
});
