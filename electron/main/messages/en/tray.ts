import { quantitiesIn } from '../../../../shared/language/quantities-in.ts';

const { clock, count, plural, share } = quantitiesIn('en');

/** Texts of the tray's menu and tooltip. */
export const trayMessages = {
  state: {
    starting: 'Starting…',
    restarting: 'The hub crashed and is starting again…',
    failed: (why: string): string => `Not running: ${why}`,
    stopped: 'Stopped',
    running: 'Running',
  },
  /** How many clients go through the hub, entirely and in part, of those that could. */
  routed(routed: number, partly: number, all: number): string {
    if (routed + partly === 0) return 'no client routed';
    const clients = plural(all, { one: '# client', other: '# clients' });
    const whole = routed === all ? clients : `${count(routed)} of ${clients}`;
    return `${whole} routed${partly > 0 ? `, ${count(partly)} partly` : ''}`;
  },
  sessions: (sessions: number): string =>
    sessions === 0 ? 'no sessions' : plural(sessions, { one: '# session', other: '# sessions' }),
  startHub: 'Start the Hub',
  restartHub: 'Restart the Hub',
  openLog: 'Open the Log',
  catalogError: 'The server catalog has an error',
  trafficStore: 'Traffic is not recorded as it should be',
  findings: (findings: number): string =>
    plural(findings, { one: '# config change to look at', other: '# config changes to look at' }),
  errors: (errors: number): string =>
    errors === 0
      ? 'No errors in the last hour'
      : plural(errors, { one: '# error in the last hour', other: '# errors in the last hour' }),
  clock,
  outcome: {
    pending: 'pending',
    ok: 'OK',
    error: 'error',
    'tool-error': 'tool error',
    cancelled: 'cancelled',
    lost: 'connection lost',
  },
  showAllErrors: 'Show All',
  noClients: 'Clients are not known yet',
  routeAll: 'Route All Clients Through Patchbay',
  routing: {
    direct: 'direct',
    partly: 'partly routed',
    routed: 'routed',
    none: 'no servers to route',
  },
  servers(servers: number, running: number, failed: number): string {
    const states = [running > 0 && `${count(running)} running`, failed > 0 && `${count(failed)} failed`];
    const summary = states.filter(Boolean).join(', ');
    const all = servers === 0 ? 'No Servers' : plural(servers, { one: '# Server', other: '# Servers' });
    return summary === '' ? all : `${all} (${summary})`;
  },
  serverState: {
    disabled: 'disabled',
    idle: 'ready',
    starting: 'starting',
    running: 'running',
    failed: 'failed',
  },
  /** A server's name and state; how many processes it has, where it has several. */
  server: (name: string, state: string, processes: number): string =>
    `${name}: ${state}${processes > 1 ? ` (${count(processes)})` : ''}`,
  open: 'Open Patchbay',
  traffic: 'Live Traffic',
  rollBackAll: 'Roll Back All Clients…',
  openAtLogin: 'Start at Login',
  update: {
    check: 'Check for Updates',
    checking: 'Looking for a New Version…',
    download: (version: string): string => `Download Version ${version}`,
    downloading: (version: string, percent: number): string =>
      `Downloading Version ${version} (${share(percent / 100)})`,
    install: (version: string): string => `Restart to Install Version ${version}`,
    failed: 'Updating Failed, Try Again',
  },
  quit: 'Quit Patchbay',
};
