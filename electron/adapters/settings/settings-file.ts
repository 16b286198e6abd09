/** What app and command line both know about `settings.json`. */
import type { ConfigurationProblem } from '../../../shared/configuration.ts';
import type { Settings } from '../../../shared/settings-schema.ts';

export const SETTINGS_FILE = 'settings.json';

export interface SettingsReading {
  readonly settings: Settings;
  readonly problems: readonly ConfigurationProblem[];
}

export const SETTINGS_CORRUPT: ConfigurationProblem = {
  code: 'config.settings_corrupt',
  name: SETTINGS_FILE,
  layer: 'settings',
};
