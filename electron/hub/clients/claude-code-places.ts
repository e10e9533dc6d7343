import path from 'node:path';
import type { Platform } from '../data-folder.ts';
import { joinerFor } from './platform-paths.ts';
import { policyKeys } from './windows-policies.ts';
import type { ProjectPlaces, Surroundings } from './surroundings.ts';

/** Where Claude Code keeps sessions, settings, plugins and, in its first releases, its config. */
export function claudeCodeFolder({ os, home, env }: Platform): string {
  return env.CLAUDE_CONFIG_DIR || joinerFor(os)(home, '.claude');
}

/** The folder for an administrator's files; nothing in the environment moves it. */
export function claudeCodeManagedFolder(os: NodeJS.Platform): string {
  if (os === 'darwin') return '/Library/Application Support/ClaudeCode';
  // As the program has it in its text: not `%ProgramFiles%`, which anybody may set.
  return os === 'win32' ? 'C:\\Program Files\\ClaudeCode' : '/etc/claude-code';
}

/** All that bears on Claude Code's servers for every project of a person. */
export function claudeCodeSurroundings(platform: Platform): Surroundings {
  const join = joinerFor(platform.os);
  const own = claudeCodeFolder(platform);
  const managed = claudeCodeManagedFolder(platform.os);
  const plugins = platform.env.CLAUDE_CODE_PLUGIN_CACHE_DIR || join(own, 'plugins');
  return {
    exclusiveConfigs: [join(managed, 'managed-mcp.json')],
    settings: [
      { path: join(own, 'settings.json'), managed: false },
      { path: join(managed, 'managed-settings.json'), managed: true },
    ],
    managedSettingsFolders: [join(managed, 'managed-settings.d')],
    opaquePolicies: [],
    managedPreferences:
      platform.os === 'darwin' ? ['/Library/Managed Preferences/com.anthropic.claudecode.plist'] : [],
    registryPolicies: platform.os === 'win32' ? policyKeys('ClaudeCode', 'Settings') : [],
    agentFolders: [join(own, 'agents')],
    sources: [{ kind: 'plugin-index', path: join(plugins, 'installed_plugins.json') }],
  };
}

/** What Claude Code reads in a project folder. */
export function claudeCodeProjectPlaces(project: string, os: NodeJS.Platform): ProjectPlaces {
  const join = joinerFor(os);
  return {
    config: join(project, '.mcp.json'),
    settings: ['settings.json', 'settings.local.json'].map((name) => ({
      path: join(project, '.claude', name),
      managed: false,
      project,
    })),
    agentFolder: join(project, '.claude', 'agents'),
  };
}

/**
 * The folder and every one above it: Claude Code looks for `.mcp.json` in all of them, nearest first. None for a
 * relative path, which no client writes.
 */
export function foldersUpward(folder: string, os: NodeJS.Platform): string[] {
  const { isAbsolute, dirname, normalize } = os === 'win32' ? path.win32 : path.posix;
  if (!isAbsolute(folder)) return [];
  const folders: string[] = [];
  for (let at = normalize(folder); folders.at(-1) !== at; at = dirname(at)) folders.push(at);
  return folders;
}
