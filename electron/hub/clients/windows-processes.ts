import path from 'node:path';
import { z } from 'zod';
import type { Platform } from '../data-folder.ts';
import type { ProcessFacts } from './client-adapter.ts';

/** A command that prints what Windows knows of every process as JSON. */
export interface ProcessQuery {
  command: string;
  args: string[];
}

/**
 * Windows' own answer, as the fast lists there give neither path nor command line and do not run on ARM. Encoding and
 * dates are fixed in the query: PowerShell 5 writes the console's code page and `/Date(…)/` otherwise.
 */
export function windowsProcessQuery({ env }: Platform): ProcessQuery {
  const script = [
    "$ErrorActionPreference='Stop'",
    '[Console]::OutputEncoding=[Text.Encoding]::UTF8',
    'Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,Name,ExecutablePath,CommandLine,' +
      "@{n='StartedAt';e={if($_.CreationDate){$_.CreationDate.ToUniversalTime().ToString('o')}}} | " +
      'ConvertTo-Json -Compress',
  ].join('; ');
  const system = env.SystemRoot ?? env.SYSTEMROOT ?? 'C:\\Windows';
  return {
    command: path.win32.join(system, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    args: ['-NoProfile', '-NonInteractive', '-Command', script],
  };
}

const Row = z.object({
  ProcessId: z.number(),
  ParentProcessId: z.number().nullish(),
  Name: z.string().nullish(),
  ExecutablePath: z.string().nullish(),
  CommandLine: z.string().nullish(),
  StartedAt: z.string().nullish(),
});

/** Reads the answer of `windowsProcessQuery`; throws on anything that is not one. */
export function parseWindowsProcesses(json: string): ProcessFacts[] {
  const parsed: unknown = JSON.parse(json);
  // ConvertTo-Json unwraps a list of one.
  const rows = z.array(Row).parse(Array.isArray(parsed) ? parsed : [parsed]);
  return rows.map((row) => ({
    pid: row.ProcessId,
    ppid: row.ParentProcessId ?? 0,
    name: row.Name ?? '',
    path: row.ExecutablePath ?? '',
    cmd: row.CommandLine ?? '',
    startedAt: isoTime(row.StartedAt),
  }));
}

/** .NET writes seven decimals, which only some engines take. */
function isoTime(text: string | null | undefined): string | null {
  const time = Date.parse((text ?? '').replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
