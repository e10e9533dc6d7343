import { spawn, type ChildProcess } from 'node:child_process';
import type { LogLevel } from '../log.ts';
import type { LineSink } from './line-sink.ts';

/** syslog(3): facility `daemon` with the severity of the level. */
const DAEMON = 3 << 3;
const SEVERITY: Readonly<Record<LogLevel, number>> = { error: 3, warn: 4, info: 6, debug: 7 };

const MAX_WAITING_BYTES = 1024 * 1024;
/** A logger that fails does so at once; what it was given until then is not lost. */
const PROBATION_MS = 2_000;
const MAX_HELD = 200;
/** After the system's logger has failed, records go to `fallback` this long before it is tried again. */
const RETRY_MS = 30_000;
const CLOSE_MS = 1_000;
/** util-linux cuts at 1 KiB unless told. */
const MAX_RECORD_BYTES = 16_384;

/**
 * The system's log through logger(1) of util-linux, one process that reads lines with their priority: Node has no
 * datagram sockets for local addresses, and /dev/log is one. logger(1) writes the form that syslog(3) writes, which
 * is what journald, rsyslog and syslog-ng expect on that socket; RFC 5424 is for the network. `fallback` gets the
 * records, and the reason, while the system takes none.
 */
export function openSyslog(
  socket: string | null,
  fallback: LineSink,
  now: () => number = Date.now,
): LineSink {
  let child: ChildProcess | null = null;
  let retryAt = 0;
  let dropped = 0;
  let isClosed = false;
  let startedAt = 0;
  let held: [line: string, level: LogLevel][] = [];

  const fail = (failed: ChildProcess, reason: string): void => {
    if (child !== failed) return;
    child = null;
    retryAt = now() + RETRY_MS;
    const record = { level: 'error', at: new Date(now()).toISOString(), event: 'log.syslog-lost', reason };
    fallback.write(`${JSON.stringify(record)}\n`, 'error');
    for (const [line, lineLevel] of held) fallback.write(line, lineLevel);
    held = [];
  };
  const start = (): ChildProcess => {
    const started = spawn('logger', loggerArguments(socket), {
      stdio: ['pipe', 'ignore', 'pipe'],
      // Ctrl-C in the terminal must not end it before our own last words.
      detached: true,
      windowsHide: true,
    });
    let said = '';
    started.stderr!.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-300)));
    started.stdin!.on('error', () => {});
    started.once('error', (error) => fail(started, error.message));
    started.once('close', (code) => {
      if (code !== 0 || !isClosed) fail(started, said.trim() || `logger(1) ended with code ${code}`);
    });
    startedAt = now();
    return started;
  };

  return {
    get dropped() {
      return dropped + fallback.dropped;
    },
    write(line, level) {
      if (isClosed) return;
      if (!child && now() < retryAt) return fallback.write(line, level);
      child ??= start();
      const { stdin } = child;
      if (now() - startedAt > PROBATION_MS) held = [];
      else if (held.length < MAX_HELD) held.push([line, level]);
      if (!stdin?.writable || stdin.writableLength > MAX_WAITING_BYTES) dropped += 1;
      else stdin.write(`<${DAEMON | SEVERITY[level]}>${line}`);
    },
    // The pipe is another process's to read; what is in it arrives also after our end.
    flushSync: () => fallback.flushSync(),
    async close() {
      if (isClosed) return;
      isClosed = true;
      const ending = child;
      if (ending && ending.exitCode === null && ending.signalCode === null) await endOf(ending);
      await fallback.close();
    },
  };
}

const loggerArguments = (socket: string | null): string[] => [
  '--prio-prefix',
  '--tag=patchbay',
  `--id=${process.pid}`,
  `--size=${MAX_RECORD_BYTES}`,
  // Without it a missing socket is passed over in silence.
  '--socket-errors=on',
  ...(socket === null ? [] : [`--socket=${socket}`]),
];

/** At the end of its input it has sent everything and ends by itself. */
function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve();
    }, CLOSE_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    child.stdin?.end();
  });
}
