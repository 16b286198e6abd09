// The smallest app that does what the helpers observe: a tray with a menu, a notice, a link, a window, its own end.
import { app, BrowserWindow, Menu, Notification, nativeImage, shell, Tray } from 'electron';

let kept = [];

function showNotice() {
  const notice = new Notification({ title: 'A notice', body: '내용' });
  notice.on('click', () => openWindow('notice clicked'));
  notice.show();
  kept.push(notice);
}

function openWindow(title) {
  const window = new BrowserWindow({ width: 300, height: 200 });
  void window.loadURL(`data:text/html;charset=utf-8,<title>${title}</title><h1>${title}</h1>`);
}

app.on('window-all-closed', () => {});
app.on('before-quit', () => console.log('quitting in order'));
void app.whenReady().then(() => {
  console.log(`ready ${app.getName()} ${app.getVersion()} ${process.env.CAFE24_KEEPER_HOME}`);
  const pixels = Buffer.alloc(16 * 16 * 4, 0xff);
  const tray = new Tray(nativeImage.createFromBitmap(pixels, { width: 16, height: 16 }));
  tray.setToolTip('3 days left');
  tray.on('click', () => openWindow('tray clicked'));
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Status', enabled: false },
      { type: 'separator' },
      { label: 'Notice', click: showNotice },
      { label: '브라우저', click: () => void shell.openExternal('http://127.0.0.1:9/a?b=1&c=2') },
      { label: 'On', type: 'checkbox', checked: true },
      { label: 'Quit', click: () => app.quit() },
    ]),
  );
  kept = [tray];
});
