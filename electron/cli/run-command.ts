import type { Resources } from '../hub/host.ts';
import { COMMANDS, parseCommandLine, usage } from './command-line.ts';
import { createContext, type Context } from './context.ts';
import { alerts } from './commands/alerts.ts';
import { configs, guardian } from './commands/configs.ts';
import { desktop } from './commands/desktop.ts';
import { demo } from './commands/demo.ts';
import { clients, history, status } from './commands/inspect.ts';
import { filters } from './commands/filters.ts';
import { logs } from './commands/logs.ts';
import { migrate, plan, rollback, verify } from './commands/migrate.ts';
import { replay } from './commands/replay.ts';
import { secrets } from './commands/secrets.ts';
import { noWords, serve } from './commands/serve.ts';
import { servers } from './commands/servers.ts';
import { sessions } from './commands/sessions.ts';
import { sharing } from './commands/sharing.ts';
import { stats } from './commands/stats.ts';
import { uninstall } from './commands/uninstall.ts';
import { HELP } from './help.ts';
import { createOutput, reportFailure } from './output.ts';

const RUN: Record<string, (context: Context) => Promise<number>> = {
  serve,
  desktop,
  demo,
  status,
  clients,
  plan,
  migrate,
  verify,
  rollback,
  history,
  configs,
  guardian,
  servers,
  sessions,
  sharing,
  secrets,
  logs,
  filters,
  stats,
  replay,
  alerts,
  uninstall,
};

/** Commands that are followed by what to do and to whom. */
const TAKES_WORDS: ReadonlySet<string> = new Set([
  'servers',
  'sessions',
  'sharing',
  'secrets',
  'configs',
  'guardian',
  'secrets',
  'configs',
  'guardian',
  'logs',
  'filters',
  'replay',
  'alerts',
]);

/** Runs one command line and resolves with the exit code. Never throws. */
export async function runCommand(
  argv: readonly string[],
  resources: Resources,
  version: string,
): Promise<number> {
  const write = (text: string): void => void process.stdout.write(text);
  try {
    const line = parseCommandLine(argv);
    const output = createOutput(line.json, write);
    if (line.command === 'version') write(`${version}\n`);
    else if (line.command === 'help') write(HELP);
    else {
      const run = RUN[line.command];
      if (!run) throw usage(`There is no command ${line.command}; there are ${COMMANDS.join(', ')}.`);
      const context = createContext(line, output, resources, version);
      if (!TAKES_WORDS.has(line.command)) noWords(context);
      return await run(context);
    }
    return 0;
  } catch (error) {
    return reportFailure(error, (text) => process.stderr.write(text));
  }
}
