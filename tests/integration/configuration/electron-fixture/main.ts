/** Runs in real Electron: opens settings and vault of the data folder, uses them, and writes what it saw to a file. */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { app, safeStorage } from 'electron';
import { createKeyringVault, VAULT_FILE } from '../../../../electron/adapters/secrets/keyring-vault.ts';
import { keyringOf } from '../../../../electron/adapters/secrets/safe-storage.ts';
import { openSettings } from '../../../../electron/adapters/settings/electron-store-settings.ts';
import { done } from '../../../../shared/result.ts';

const { CAFE24_KEEPER_HOME: dataFolder = '', REPORT_FILE: reportFile = '' } = process.env;

void app.whenReady().then(async () => {
  const settings = openSettings(dataFolder, 1_700_000_000_000);
  const locale = settings.current().locale;
  settings.update({ locale: 'en', malls: [...settings.current().malls] });
  const vault = createKeyringVault({
    keyring: keyringOf(safeStorage, process.platform),
    file: path.join(dataFolder, VAULT_FILE),
    async write(file, text) {
      writeFileSync(file, text, { mode: 0o600 });
      return done(undefined);
    },
  });
  const available = await vault.available();
  const found = await vault.get('canary');
  await vault.set('canary', 'canary-4711');
  const report = { locale, problems: settings.problems, store: settings.current().store, available, found };
  writeFileSync(`${reportFile}.tmp`, JSON.stringify(report));
  renameSync(`${reportFile}.tmp`, reportFile);
  app.quit();
});
