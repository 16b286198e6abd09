// electron-builder's afterPack: takes out of the copied runtime what is not the product's.
import { rm } from 'node:fs/promises';
import path from 'node:path';

/** @param {import('electron-builder').AfterPackContext} context */
export default async function afterPack({ appOutDir, packager, electronPlatformName }) {
  const resources =
    electronPlatformName === 'darwin'
      ? path.join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents/Resources')
      : path.join(appOutDir, 'resources');
  // What runs where no app.asar is: the loader of a developer's Electron.
  await rm(path.join(resources, 'default_app.asar'), { force: true });
}
