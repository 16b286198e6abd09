import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLoginItem, desktopEntryOf } from '../../../electron/adapters/login-item.ts';

function fakeApp(isPackaged = true) {
  return {
    isPackaged,
    getAppPath: () => '/srv/checkout',
    getLoginItemSettings: vi.fn(() => ({ openAtLogin: true })),
    setLoginItemSettings: vi.fn(),
  } as unknown as Parameters<typeof createLoginItem>[0]['app'] & {
    readonly setLoginItemSettings: ReturnType<typeof vi.fn>;
  };
}

describe('start at login on Linux', () => {
  it('is an entry in the autostart folder, and none when it is off', async () => {
    const config = mkdtempSync(path.join(tmpdir(), 'autostart-'));
    onTestFinished(() => rmSync(config, { recursive: true, force: true }));
    const item = createLoginItem({
      app: fakeApp(),
      platform: 'linux',
      env: { XDG_CONFIG_HOME: config },
      execPath: '/opt/Keeper/keeper',
    });
    expect(item.isOn()).toBe(false);
    expect(await item.set(true)).toMatchObject({ ok: true });
    expect(item.isOn()).toBe(true);
    const entry = readFileSync(path.join(config, 'autostart', 'cafe24-token-keeper.desktop'), 'utf8');
    expect(entry).toContain('\nExec="/opt/Keeper/keeper" "--hidden"\n');
    expect(await item.set(false)).toMatchObject({ ok: true });
    expect([item.isOn(), await item.set(false)]).toEqual([false, { ok: true, value: undefined }]);
  });

  it('names the AppImage itself, not the place where it is mounted', async () => {
    const config = mkdtempSync(path.join(tmpdir(), 'autostart-'));
    onTestFinished(() => rmSync(config, { recursive: true, force: true }));
    const env = { XDG_CONFIG_HOME: config, APPIMAGE: '/home/owner/Keeper.AppImage' };
    await createLoginItem({ app: fakeApp(), platform: 'linux', env, execPath: '/tmp/.mount/keeper' }).set(
      true,
    );
    const entry = readFileSync(path.join(config, 'autostart', 'cafe24-token-keeper.desktop'), 'utf8');
    expect(entry).toContain('Exec="/home/owner/Keeper.AppImage" "--hidden"');
  });

  it('quotes what a path may hold, as the specification asks for', () => {
    const entry = desktopEntryOf(['/opt/a "b" $c 100%', '/d\\e']);
    expect(entry).toContain(String.raw`Exec="/opt/a \\"b\\" \\$c 100%%" "/d\\\\e"`);
  });
});

describe('start at login elsewhere', () => {
  it.each(['win32', 'darwin'] as const)('is asked of the system on %s, hidden', async (platform) => {
    const app = fakeApp();
    const item = createLoginItem({ app, platform, env: {}, execPath: '/opt/keeper' });
    expect(item.isOn()).toBe(true);
    await item.set(false);
    expect(app.setLoginItemSettings).toHaveBeenCalledWith({ openAtLogin: false, args: ['--hidden'] });
  });
});
