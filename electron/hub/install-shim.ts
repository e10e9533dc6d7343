import { access, chmod, copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { DataFolder } from './data-folder.ts';

/** How a hub is started when a shim finds none, in `launch.json`. */
export interface HubLaunch {
  command: string;
  args: string[];
  env: Record<string, string>;
}

const HubLaunchFile = z.object({
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
});

/** Whether the recorded way still leads somewhere: every absolute path in it exists. */
async function isLaunchable(file: string): Promise<boolean> {
  try {
    const { command, args } = HubLaunchFile.parse(JSON.parse(await readFile(file, 'utf8')));
    await Promise.all([command, ...args].filter((word) => path.isAbsolute(word)).map((word) => access(word)));
    return true;
  } catch {
    return false;
  }
}

/**
 * Copies the shim into the data folder, where entries point to: a path that outlives upgrades and moves of the app.
 * By rename, because clients may be starting it at this moment. `keepLaunch`: a hub that was served last knows its
 * own way to be started; it is replaced only when it leads nowhere.
 */
export async function installShim(
  data: DataFolder,
  source: string,
  launch: HubLaunch,
  { keepLaunch = false }: { keepLaunch?: boolean } = {},
): Promise<void> {
  const [wanted, present] = await Promise.all([readFile(source), readFile(data.shim).catch(() => null)]);
  if (!present?.equals(wanted)) {
    const fresh = `${data.shim}.${process.pid}`;
    await copyFile(source, fresh);
    await chmod(fresh, 0o600);
    await rename(fresh, data.shim);
  }
  if (keepLaunch && (await isLaunchable(data.launch))) return;
  const fresh = `${data.launch}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(launch, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, data.launch);
}
