import { spawn } from 'node:child_process';
import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import { createHub, type Hub } from '../../hub/create-hub.ts';
import { nodeHubLaunch, nodeShimCommand } from '../../hub/host.ts';
import { findLiveHub, type HubFacts } from '../../hub/hub-lock.ts';
import { makeRoom } from '../../hub/make-room.ts';
import { prepareDataFolder } from '../../hub/data-folder.ts';
import { loadToken } from '../../hub/api/token.ts';
import { endOnFatalErrors } from '../../hub/logging/fatal-errors.ts';
import { keepLastBreath, takeLastBreath } from '../../hub/logging/last-breath.ts';
import type { OpenLog } from '../../hub/logging/pino-log.ts';
import { WATCHED_HUB_READY } from '../../hub/watchdog.ts';
import { openServeLog } from '../serve-log.ts';
import { isSet, wholeNumber } from '../command-line.ts';
import { configuredPort } from '../../hub/port.ts';
import type { Context } from '../context.ts';
import { serveWatched } from './serve-watched.ts';

/** Runs the hub in the foreground until it is asked to end. A second start hands over to the first (D03). */
export async function serve(context: Context): Promise<number> {
  const { data, platform, socket, line } = context;
  if (isSet(line, 'watchdog')) return await serveWatched(context);
  const isBackground = isSet(line, 'background');
  const port = wholeNumber(line, 'port', { min: 0, max: 65_535 }) ?? configuredPort(platform);
  const log = await openServeLog(context);
  try {
    prepareDataFolder(data);
    const running = await findLiveHub(data, socket);
    if (running && (isBackground || !(await makeRoom(running)))) {
      announce(context, running, loadToken(data.token), 'A hub is already running');
      return 0;
    }
    return await run(context, port, log);
  } finally {
    await log.close();
  }
}

/** The whole life of a hub; what nobody caught ends it with exit code 1 and leaves word for the next one. */
async function run(context: Context, port: number, log: OpenLog): Promise<number> {
  const { data, platform, resources, version, line } = context;
  const background = isSet(line, 'background');
  const breathFile = path.join(data.run, 'last-breath.json');
  let hub: Hub | null = null;
  const breath = keepLastBreath({
    file: breathFile,
    logger: log,
    describe: () => hub?.describe() ?? { isStarting: true, background },
  });
  const fatal = endOnFatalErrors(process, {
    logger: log,
    breath,
    end: async () => hub?.stop(),
    exit(code) {
      log.flushSync();
      process.exit(code);
    },
  });
  try {
    hub = await createHub({
      data,
      platform,
      host: 'headless',
      port,
      shim: nodeShimCommand(data),
      launch: nodeHubLaunch(data, resources, port),
      version,
      resources,
      logger: log,
      background,
    });
    // Only now: what lies there belongs to whoever holds the folder.
    takeLastBreath(breathFile, log);
    // Under a watchdog: from here on a death is a crash, no failed start.
    process.send?.(WATCHED_HUB_READY);
    await live(context, hub);
    return fatal.hasFailed ? 1 : 0;
  } finally {
    breath.close();
    fatal.release();
  }
}

/** Tells where the hub is, and waits for its end. */
async function live(context: Context, hub: Hub): Promise<void> {
  const { output, line } = context;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void hub.stop());
  if (!isSet(line, 'background')) {
    announce(context, hub.facts, hub.token, 'Patchbay is running');
    output.say(
      'Ctrl-C ends it. Clients keep their tools: without the hub they start their servers themselves.',
    );
  }
  if (isSet(line, 'open')) openBrowser(addressOf(hub.facts, hub.token));
  await hub.ended;
}

function announce({ output }: Context, facts: HubFacts, token: string, what: string): void {
  const url = addressOf(facts, token);
  if (output.wantsJson) output.json({ url, port: facts.port, pid: facts.pid, socket: facts.socket, token });
  else output.say(`${what} (pid ${facts.pid}). Open ${url}`);
}

/** The token travels in the fragment, which no server and no log ever sees. */
export const addressOf = ({ url }: HubFacts, token: string): string => `${url}#token=${token}`;

/** Hands the address to the system's browser; a machine without one is no failure. */
export function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  const child = spawn(command!, args, { detached: true, stdio: 'ignore', windowsHide: true });
  child.on('error', () => {});
  child.unref();
}

/** Throws USAGE for words a command does not take. */
export function noWords({ line }: Context): void {
  if (line.words.length === 0) return;
  throw new PatchbayError('USAGE', `${line.command} takes no ${JSON.stringify(line.words[0])}.`, {
    hint: 'See: patchbay help',
  });
}
