import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Who listens on a loopback port, such as `node (pid 4711)`; null where it cannot be told. */
export function describePortOwner(port: number): string | null {
  try {
    if (process.platform === 'linux') return linuxOwner(port);
    if (process.platform === 'darwin') {
      const text = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
        encoding: 'utf8',
        timeout: 3_000,
      });
      const pid = /^p(\d+)$/m.exec(text)?.[1];
      const name = /^c(.+)$/m.exec(text)?.[1];
      return pid ? `${name ?? 'a program'} (pid ${pid})` : null;
    }
    const text = execFileSync('netstat', ['-ano', '-p', 'TCP'], {
      encoding: 'utf8',
      timeout: 3_000,
      windowsHide: true,
    });
    const pid = new RegExp(`:${port}\\s+\\S+\\s+LISTENING\\s+(\\d+)`).exec(text)?.[1];
    return pid ? `the program with pid ${pid}` : null;
  } catch {
    return null;
  }
}

/** /proc/net/tcp names the socket's inode, /proc/PID/fd who holds it (own processes only, without root). */
function linuxOwner(port: number): string | null {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const LISTEN = '0A';
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${hex}`) && fields[3] === LISTEN && fields[9])
        inodes.add(`socket:[${fields[9]}]`);
    }
  }
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const holds = readdirSync(`/proc/${pid}/fd`).some((fd) => {
        try {
          return inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
        } catch {
          return false;
        }
      });
      if (holds) return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (pid ${pid})`;
    } catch {
      // Not ours to look into, or gone.
    }
  }
  return null;
}
