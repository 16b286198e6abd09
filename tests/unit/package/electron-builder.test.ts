import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAppIcons } from '../../../scripts/package/app-icons.ts';
import { planFor } from '../../../scripts/package/build-packages.ts';
import { readYaml } from '../../support/read-yaml.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const read = () => readYaml(path.join(ROOT, 'electron-builder.yml'));

interface Validator {
  validateConfiguration(
    configuration: unknown,
    log: { readonly isEnabled: boolean; add(): void },
  ): Promise<void>;
}

/** electron-builder's own check, from the installed version. */
function validate(configuration: unknown): Promise<void> {
  const require = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
  const { validateConfiguration } = require('app-builder-lib/out/util/config/config') as Validator;
  return validateConfiguration(configuration, { isEnabled: false, add: () => {} });
}

describe('electron-builder.yml', () => {
  it('fits electron-builder’s own schema, which refuses what it does not know', async () => {
    await expect(validate(read())).resolves.toBeUndefined();
    await expect(validate({ ...read(), nsis: { perMachin: false } })).rejects.toThrow(/configuration\.nsis/);
    await expect(validate({ ...read(), mac: { hardenedRuntime: 'yes' } })).rejects.toThrow(
      /configuration\.mac/,
    );
  });

  it('makes the packages that the README promises', () => {
    const targetsOf = (platform: string) =>
      ((read()[platform] as { target: (string | { target: string; arch: string })[] }).target ?? []).map(
        (each) => (typeof each === 'string' ? each : `${each.target} ${each.arch}`),
      );
    expect(targetsOf('win')).toEqual(['nsis']);
    expect(targetsOf('mac')).toEqual(['dmg universal', 'zip universal']);
    expect(targetsOf('linux')).toEqual(['AppImage', 'deb', 'tar.gz']);
    expect(read().nsis).toMatchObject({
      perMachine: false,
      installerLanguages: ['ko_KR', 'en_US'],
      deleteAppDataOnUninstall: false,
    });
    expect(read().mac).toMatchObject({ hardenedRuntime: true, notarize: true });
  });

  it('gives Windows’ shortcut the id that main.ts sets, so that notices belong to the app', () => {
    const main = readFileSync(path.join(ROOT, 'electron/main.ts'), 'utf8');
    expect(/APP_USER_MODEL_ID = '([^']+)'/.exec(main)?.[1]).toBe(read().appId);
  });

  it('names only files that are there', () => {
    const { entitlements, entitlementsInherit } = read().mac as Record<string, string>;
    for (const file of [entitlements, entitlementsInherit, read().afterPack as string]) {
      expect(existsSync(path.join(ROOT, file ?? 'none')), file).toBe(true);
    }
  });

  it('depends on every package that the app’s tests install for Electron', () => {
    const { depends } = read().deb as { depends: string[] };
    const needed = [
      'libgtk-3-0',
      'libnss3',
      'libgbm1',
      'libasound2',
      'libnotify4',
      'libsecret-1-0',
      'xdg-utils',
    ];
    expect(needed.filter((name) => !depends.some((each) => each.split(/[ |(]+/).includes(name)))).toEqual([]);
  });
});

describe('npm run package', () => {
  it('builds all that is configured with the runtime that users get, and what needs no download with another', () => {
    expect(planFor('win32', { kind: 'pinned' }).targets).toEqual([]);
    expect(planFor('linux', { kind: 'stand-in' })).toMatchObject({ targets: ['dir', 'tar.gz', 'deb'] });
    expect(planFor('darwin', { kind: 'given' }).targets).toEqual(['dir']);
  });

  it('draws the icons that installers want from the SVG', () => {
    const out = mkdtempSync(path.join(os.tmpdir(), 'package-icons-'));
    try {
      writeAppIcons(path.join(ROOT, 'assets'), out);
      const ico = readFileSync(path.join(out, 'app.ico'));
      const icns = readFileSync(path.join(out, 'app.icns'));
      const images = ico.readUInt16LE(4);
      expect(images).toBe(7);
      for (let index = 0; index < images; index += 1) {
        const offset = ico.readUInt32LE(6 + 16 * index + 12);
        expect(ico.subarray(offset + 1, offset + 4).toString()).toBe('PNG');
      }
      expect(icns.subarray(0, 4).toString()).toBe('icns');
      expect(icns.readUInt32BE(4)).toBe(icns.length);
      expect(statSync(path.join(out, 'linux/512x512.png')).size).toBeGreaterThan(1000);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});
