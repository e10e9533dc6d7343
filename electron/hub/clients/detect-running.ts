import type { ClientId, RunningClient } from '../../../shared/model/client.ts';
import type { Platform } from '../data-folder.ts';
import { readClaudeCodeSessions, type ClaudeCodeSession } from './claude-code-sessions.ts';
import type { ClientAdapter, ProcessFacts } from './client-adapter.ts';
import { listProcesses } from './list-processes.ts';
import { readProcessDetails, type ProcessDetails } from './process-details.ts';

/** What is asked of the live machine. */
export interface Machine {
  processes(): Promise<ProcessFacts[]>;
  details(pid: number): Promise<ProcessDetails>;
  sessions(folder: string): Promise<ClaudeCodeSession[]>;
}

export function liveMachine(platform: Platform): Machine {
  return {
    processes: () => listProcesses(platform),
    details: (pid) => readProcessDetails(pid, platform.os),
    sessions: readClaudeCodeSessions,
  };
}

/** A session is written right after its process started; process lists round start times to seconds. */
const START_TOLERANCE_MS = 5_000;

/**
 * The live processes of each client that serve this platform's home. A process whose environment says that it reads
 * other config files is left out; one that cannot be asked counts. Rejects with NOT_SUPPORTED when the system does
 * not list processes.
 */
export async function detectRunning(
  adapters: readonly ClientAdapter[],
  platform: Platform,
  machine: Machine = liveMachine(platform),
): Promise<Map<ClientId, RunningClient[]>> {
  const processes = (await machine.processes()).filter(({ pid }) => pid !== process.pid);
  const found = await Promise.all(
    adapters.map(async (adapter) => {
      const [byProgram, bySession] = await Promise.all([
        findByProgram(adapter, processes, { platform, machine }),
        findBySession(adapter, processes, { platform, machine }),
      ]);
      // The session file knows more than the process list.
      const byPid = new Map([...byProgram, ...bySession].map((client) => [client.pid, client]));
      return [adapter.id, [...byPid.values()].sort((a, b) => a.pid - b.pid)] as const;
    }),
  );
  return new Map(found);
}

interface Asked {
  platform: Platform;
  machine: Machine;
}

async function findByProgram(
  adapter: ClientAdapter,
  processes: readonly ProcessFacts[],
  { platform, machine }: Asked,
): Promise<RunningClient[]> {
  const found = await Promise.all(
    adapter.findRunning(processes, platform).map(async (client) => {
      const { cwd, place } = await machine.details(client.pid);
      return readsOurFiles(adapter, place, platform) ? { ...client, cwd } : null;
    }),
  );
  return found.filter((client) => client !== null);
}

/** Whether a program with these variables reads a config file that the platform's own client reads. */
function readsOurFiles(adapter: ClientAdapter, place: ProcessDetails['place'], platform: Platform): boolean {
  if (place === null) return true;
  const pathsFor = (asked: Platform): string[] => adapter.configFiles(asked).map((file) => file.path);
  const theirs = pathsFor({ os: platform.os, home: place.HOME ?? platform.home, env: place });
  return pathsFor(platform).some((path) => theirs.includes(path));
}

async function findBySession(
  adapter: ClientAdapter,
  processes: readonly ProcessFacts[],
  { platform, machine }: Asked,
): Promise<RunningClient[]> {
  const folder = adapter.sessionFolder?.(platform);
  if (folder === undefined) return [];
  const byPid = new Map(processes.map((candidate) => [candidate.pid, candidate]));
  const found = await Promise.all(
    (await machine.sessions(folder)).map(async (session): Promise<RunningClient | null> => {
      const owner = byPid.get(session.pid);
      if (!owner || !(await isOwner(session, owner, { platform, machine }))) return null;
      return {
        pid: session.pid,
        startedAt: owner.startedAt ?? new Date(session.startedAt).toISOString(),
        version: session.version ?? null,
        cwd: session.cwd ?? null,
      };
    }),
  );
  return found.filter((client) => client !== null);
}

/** False when the session's process is gone and its pid now belongs to another (B28). */
async function isOwner(
  session: ClaudeCodeSession,
  owner: ProcessFacts,
  { platform, machine }: Asked,
): Promise<boolean> {
  if (platform.os === 'linux' && session.procStart) {
    const { startTicks } = await machine.details(session.pid);
    if (startTicks !== null) return startTicks === session.procStart;
  }
  return owner.startedAt === null || Date.parse(owner.startedAt) <= session.startedAt + START_TOLERANCE_MS;
}
