import { spawn } from 'node:child_process';
import { HUB_NODE_FLAGS } from '../../hub/host.ts';
import { watchHub } from '../../hub/watchdog.ts';
import { isSet, text } from '../command-line.ts';
import type { Context } from '../context.ts';
import { openServeLog } from '../serve-log.ts';

/** Runs the hub in a process of its own and starts it again when it dies. Resolves with the exit code. */
export async function serveWatched(context: Context): Promise<number> {
  const log = await openServeLog(context);
  let isFirst = true;
  const dog = watchHub({
    logger: log,
    spawn() {
      const args = hubArguments(context, isFirst);
      isFirst = false;
      return spawn(process.execPath, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => dog.stop());
  try {
    return await dog.ended;
  } finally {
    await log.close();
  }
}

/** The same command without the watchdog; the browser opens once. */
function hubArguments({ line, data, resources, output }: Context, isFirst: boolean): string[] {
  const args = [...HUB_NODE_FLAGS, resources.cli, 'serve', '--data-dir', data.root];
  for (const name of ['port', 'log', 'log-level']) {
    const value = text(line, name);
    if (value !== undefined) args.push(`--${name}`, value);
  }
  if (output.wantsJson) args.push('--json');
  if (isFirst && isSet(line, 'open')) args.push('--open');
  return args;
}
