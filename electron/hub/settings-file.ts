import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { HubSettings } from '../../shared/model/settings.ts';
import type { Logger } from './log.ts';

export interface SettingsFile {
  get(): HubSettings;
  set(next: HubSettings): Promise<HubSettings>;
}

/** Our own small settings. A broken file means defaults, said in the log; it is replaced only when settings change. */
export function openSettings(
  file: string,
  logger: Logger,
  onChange: (settings: HubSettings) => void,
): SettingsFile {
  let current = HubSettings.parse({});
  try {
    current = HubSettings.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      logger.log('warn', 'settings.unreadable', { path: file, message: (error as Error).message });
    }
  }
  return {
    get: () => current,
    async set(next) {
      await writeFile(`${file}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
      await rename(`${file}.new`, file);
      current = next;
      onChange(next);
      return next;
    },
  };
}
