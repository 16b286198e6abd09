import type { App as ElectronApp } from 'electron';

interface Greeting {
  readonly hidden: boolean;
}

/**
 * Claims to be the only instance of this user data folder. False: another one runs, has been told, and this process
 * has to end. A second start by a person shows the first one's window; one at login (`hidden`) does not.
 */
export function claimSingleInstance(options: {
  readonly app: ElectronApp;
  readonly hidden: boolean;
  readonly onSecondStart: () => void;
}): boolean {
  const { app, hidden, onSecondStart } = options;
  const greeting: Greeting = { hidden };
  if (!app.requestSingleInstanceLock({ ...greeting })) return false;
  // By additionalData: Chromium rearranges the arguments of a second start.
  app.on('second-instance', (_event, _argv, _folder, data) => {
    if ((data as Partial<Greeting> | null)?.hidden !== true) onSecondStart();
  });
  return true;
}
