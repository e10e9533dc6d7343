import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { toErrorInfo } from '../../shared/model/error.ts';
import type { ApiPort } from './api/socket-port.ts';
import { createHub, type Hub } from './create-hub.ts';
import { localSocketAddress, prepareDataFolder } from './data-folder.ts';
import { openDataFolder, resourcesIn, thisPlatform } from './host.ts';
import { findLiveHub } from './hub-lock.ts';
import { parseLogLevel } from './logging/log-target.ts';
import { endOnFatalErrors } from './logging/fatal-errors.ts';
import { keepLastBreath, takeLastBreath } from './logging/last-breath.ts';
import { openLog } from './logging/open-log.ts';
import { configuredPort } from './port.ts';
import { makeRoom } from './make-room.ts';

const ProgramCommand = z.object({
  command: z.string().min(1),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
});

/** What Electron puts on `process` in a utility process; our end of the talk with the desktop's main process. */
interface ParentPort {
  on(
    event: 'message',
    listener: (event: { data: unknown; ports: (ApiPort & { start(): void })[] }) => void,
  ): void;
  postMessage(message: unknown): void;
}

/**
 * The hub as a child of the desktop: same hub as everywhere, reached over message ports. Messages as documented in
 * electron/main/hub-messages.ts.
 */
export async function runHubProcess(
  moduleUrl: string,
  argv: readonly string[],
  version: string,
): Promise<void> {
  const { parentPort } = process as unknown as { parentPort: ParentPort };
  const platform = thisPlatform();
  const data = openDataFolder(undefined, platform);
  prepareDataFolder(data);
  const level = platform.env.PATCHBAY_LOG_LEVEL;
  const logger = openLog({
    target: { to: 'stderr', format: 'json' },
    level: level ? parseLogLevel(level, 'PATCHBAY_LOG_LEVEL') : 'info',
  });

  let hub: Hub | null = null;
  const breathFile = path.join(data.run, 'last-breath.json');
  const breath = keepLastBreath({
    file: breathFile,
    logger,
    describe: () => hub?.describe() ?? { isStarting: true },
  });
  // Since Electron 37 an unhandled rejection in a utility process only warns, but state may be damaged (D14).
  endOnFatalErrors(process, {
    logger,
    breath,
    end: async () => hub?.stop(),
    exit(code) {
      logger.flushSync();
      process.exit(code);
    },
  });
  parentPort.on('message', ({ data, ports }) => {
    const { type } = (data ?? {}) as { type?: unknown };
    if (type === 'connect') {
      for (const port of ports) {
        hub?.connect(port);
        port.start();
      }
    } else if (type === 'stop') {
      if (hub) void hub.stop();
      else process.exit(0);
    }
  });

  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        'shim-command': { type: 'string' },
        'launch-command': { type: 'string' },
      },
    });
    const running = await findLiveHub(data, localSocketAddress(data.root, platform));
    if (running) await makeRoom(running);
    hub = await createHub({
      data,
      platform,
      host: 'desktop',
      port: configuredPort(platform),
      shim: parseCommand(values['shim-command'], 'shim-command'),
      launch: parseCommand(values['launch-command'], 'launch-command'),
      version,
      resources: resourcesIn(path.dirname(fileURLToPath(moduleUrl))),
      logger,
      background: false,
    });
  } catch (error) {
    parentPort.postMessage({ type: 'failed', error: toErrorInfo(error) });
    process.exit(1);
  }
  takeLastBreath(breathFile, logger);
  parentPort.postMessage({ type: 'ready', url: hub.facts.url, port: hub.facts.port, pid: process.pid });
  await hub.ended;
  breath.close();
  await logger.close();
  parentPort.postMessage({ type: 'stopped' });
  // Give the message its way out; everything of ours is disposed.
  setTimeout(() => process.exit(0), 50);
}

function parseCommand(text: string | undefined, name: string): z.infer<typeof ProgramCommand> {
  if (text === undefined) throw new Error(`The argument --${name} is missing.`);
  return ProgramCommand.parse(JSON.parse(text));
}
