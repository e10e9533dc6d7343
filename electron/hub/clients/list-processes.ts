import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import psList from 'ps-list';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { Platform } from '../data-folder.ts';
import type { ProcessFacts } from './client-adapter.ts';
import { parseWindowsProcesses, windowsProcessQuery } from './windows-processes.ts';

const WINDOWS_QUERY_MS = 15_000;
const WINDOWS_QUERY_BYTES = 64 * 1024 * 1024;

/**
 * The running processes of this user. Rejects with NOT_SUPPORTED when the system does not tell, as in a container
 * without `ps`: an empty list would say that no client runs, and be believed.
 */
export async function listProcesses(platform: Platform): Promise<ProcessFacts[]> {
  try {
    return platform.os === 'win32' ? await listOnWindows(platform) : await listOnPosix();
  } catch (error) {
    throw new PatchbayError(
      'NOT_SUPPORTED',
      'The running programs could not be listed, so nobody can tell whether a client runs.',
      {
        hint:
          platform.os === 'win32'
            ? 'PowerShell is needed for it.'
            : 'The program "ps" (procps) is needed for it.',
      },
      error,
    );
  }
}

async function listOnPosix(): Promise<ProcessFacts[]> {
  const processes = await psList({ all: false });
  return processes.map(({ pid, ppid, name, path = '', cmd = '', startTime }) => ({
    pid,
    ppid,
    name,
    path,
    cmd,
    startedAt: startTime?.toISOString() ?? null,
  }));
}

async function listOnWindows(platform: Platform): Promise<ProcessFacts[]> {
  const { command, args } = windowsProcessQuery(platform);
  const { stdout } = await promisify(execFile)(command, args, {
    encoding: 'utf8',
    maxBuffer: WINDOWS_QUERY_BYTES,
    timeout: WINDOWS_QUERY_MS,
    windowsHide: true,
  });
  return parseWindowsProcesses(stdout);
}
