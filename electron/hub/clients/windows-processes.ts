import path from 'node:path';
import { z } from 'zod';
import type { Platform } from '../data-folder.ts';
import type { ProcessFacts } from './client-adapter.ts';

/** A command that prints what Windows knows of every process as JSON. */
export interface ProcessQuery {
  command: string;
  args: string[];
}

/** A script whose answer is JSON. Encoding and errors are fixed: PowerShell 5 writes the console's code page otherwise. */
export function windowsPowerShell({ env }: Platform, script: readonly string[]): ProcessQuery {
  const fixed = ["$ErrorActionPreference='Stop'", '[Console]::OutputEncoding=[Text.Encoding]::UTF8'];
  const system = env.SystemRoot ?? env.SYSTEMROOT ?? 'C:\\Windows';
  return {
    command: path.win32.join(system, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    args: ['-NoProfile', '-NonInteractive', '-Command', [...fixed, ...script].join('; ')],
  };
}

/**
 * Windows' own answer, as the fast lists there give neither path nor command line and do not run on ARM. Dates are
 * fixed in the query: PowerShell 5 writes `/Date(…)/` otherwise. Whose a process is takes a call of its own, so only
 * those that could be a client are asked; an administrator sees everybody's.
 */
export function windowsProcessQuery(platform: Platform): ProcessQuery {
  return windowsPowerShell(platform, [
    '$me=[Security.Principal.WindowsIdentity]::GetCurrent().User.Value',
    'Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,Name,ExecutablePath,CommandLine,' +
      "@{n='StartedAt';e={if($_.CreationDate){$_.CreationDate.ToUniversalTime().ToString('o')}}}," +
      "@{n='Foreign';e={if($_.Name -like 'claude*'){" +
      '$sid=(Invoke-CimMethod -InputObject $_ -MethodName GetOwnerSid -ErrorAction SilentlyContinue).Sid; ' +
      '[bool]($sid -and ($sid -ne $me))}}} | ' +
      'ConvertTo-Json -Compress',
  ]);
}

const Row = z.object({
  ProcessId: z.number(),
  ParentProcessId: z.number().nullish(),
  Name: z.string().nullish(),
  ExecutablePath: z.string().nullish(),
  CommandLine: z.string().nullish(),
  StartedAt: z.string().nullish(),
  /** True for another user's; absent where nobody asked. */
  Foreign: z.boolean().nullish(),
});

/** Reads the answer of `windowsProcessQuery`, without other users' clients; throws on anything that is not one. */
export function parseWindowsProcesses(json: string): ProcessFacts[] {
  const parsed: unknown = JSON.parse(json);
  // ConvertTo-Json unwraps a list of one.
  const rows = z.array(Row).parse(Array.isArray(parsed) ? parsed : [parsed]);
  const own = rows.filter(({ Foreign }) => Foreign !== true);
  return own.map((row) => ({
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
