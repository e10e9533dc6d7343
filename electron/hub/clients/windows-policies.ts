import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Platform } from '../data-folder.ts';
import { windowsPowerShell, type ProcessQuery } from './windows-processes.ts';

/** A key of the Windows registry in which an administrator's device management lays down a client's policy. */
export interface RegistryPolicy {
  /** Full, such as `HKEY_LOCAL_MACHINE\SOFTWARE\Policies\ClaudeCode`. */
  key: string;
  /** Name of the value that holds the client's settings as JSON; null where they are in a form that is not read. */
  value: string | null;
  /** In the person's own part of the registry: it counts only while an administrator has laid down nothing. */
  isOwn: boolean;
}

/** The two places of a client's policy, the administrator's first. */
export const policyKeys = (name: string, value: string | null): RegistryPolicy[] => [
  { key: `HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\${name}`, value, isOwn: false },
  { key: `HKEY_CURRENT_USER\\SOFTWARE\\Policies\\${name}`, value, isOwn: true },
];

/** What is in a key: texts by the names of values. */
export type RegistryValues = Readonly<Record<string, string>>;

/** Reads keys of the registry; those that do not exist are left out. Rejects when the registry cannot be asked. */
export type ReadRegistry = (keys: readonly string[]) => Promise<ReadonlyMap<string, RegistryValues>>;

const QUERY_MS = 10_000;
const QUERY_BYTES = 16 * 1024 * 1024;

/** PowerShell and not `reg.exe`, which writes the console's code page and breaks long texts. */
export function registryQuery(keys: readonly string[], platform: Platform): ProcessQuery {
  const list = keys.map((key) => `'${key.replaceAll("'", "''")}'`).join(',');
  return windowsPowerShell(platform, [
    '$found=@{}',
    `foreach($key in @(${list})){` +
      '$item=Get-Item -LiteralPath "Registry::$key" -ErrorAction SilentlyContinue; ' +
      'if($item){$values=@{}; foreach($name in $item.GetValueNames()){$values[$name]=[string]$item.GetValue($name)}; ' +
      '$found[$key]=$values}}',
    'ConvertTo-Json -Compress -Depth 3 $found',
  ]);
}

/** Reads the answer of `registryQuery`; throws on anything that is not one. */
export function parseRegistry(json: string): Map<string, RegistryValues> {
  const found = z.record(z.string(), z.record(z.string(), z.string())).parse(JSON.parse(json));
  return new Map(Object.entries(found));
}

/** The registry of this machine; empty on other systems. */
export const systemRegistry =
  (platform: Platform): ReadRegistry =>
  async (keys) => {
    if (platform.os !== 'win32' || keys.length === 0) return new Map();
    const { command, args } = registryQuery(keys, platform);
    const { stdout } = await promisify(execFile)(command, args, {
      encoding: 'utf8',
      maxBuffer: QUERY_BYTES,
      timeout: QUERY_MS,
      windowsHide: true,
    });
    return parseRegistry(stdout);
  };
