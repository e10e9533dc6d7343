import type { Platform } from '../data-folder.ts';
import { inheritedEnvironment } from '../inherited-environment.ts';
import { claudeDesktopProcess } from './claude-executables.ts';
import type { ClientAdapter, ConfigFile } from './client-adapter.ts';
import { userTable } from './entry-tables.ts';
import { localFolder, joinerFor, roamingFolder, xdgConfigFolder } from './platform-paths.ts';

const CONFIG_NAME = 'claude_desktop_config.json';

/** The publisher part is a hash of Anthropic's certificate subject, the same on every machine. */
const MSIX_PACKAGE_FAMILY = 'Claude_pzs8sxrjxfjjc';

/** The app's user data folders: on Windows the packaged app's private one first, as it shadows the other. */
function userDataFolders(platform: Platform): string[] {
  if (platform.os === 'win32') {
    const join = joinerFor('win32');
    return [
      join(localFolder(platform), 'Packages', MSIX_PACKAGE_FAMILY, 'LocalCache', 'Roaming', 'Claude'),
      join(roamingFolder(platform), 'Claude'),
    ];
  }
  const join = joinerFor(platform.os);
  return platform.os === 'darwin'
    ? [join(platform.home, 'Library', 'Application Support', 'Claude')]
    : [join(xdgConfigFolder(platform), 'Claude')];
}

/** Claude Desktop: one file of stdio entries, read at cold start and rewritten whole from memory at any time. */
export const claudeDesktop: ClientAdapter = {
  id: 'claude-desktop',
  name: 'Claude Desktop',
  expandsVariables: false,

  configFiles(platform) {
    const join = joinerFor(platform.os);
    return userDataFolders(platform).map((folder): ConfigFile => ({
      path: join(folder, CONFIG_NAME),
      client: 'claude-desktop',
      mustNotRun: true,
    }));
  },

  entryTables: userTable,

  launch(_table, entryEnv, platform) {
    // The app never sets a folder: servers start where it was started, which the Dock and launchd make the root.
    return {
      env: { ...inheritedEnvironment(platform), ...entryEnv },
      cwd: platform.os === 'darwin' ? '/' : platform.home,
    };
  },

  findRunning(processes, { os }) {
    return claudeDesktopProcess.findRoots(processes, os);
  },

  installMarks(platform) {
    const join = joinerFor(platform.os);
    if (platform.os === 'win32') {
      const local = localFolder(platform);
      return [
        join(local, 'Packages', MSIX_PACKAGE_FAMILY),
        join(local, 'AnthropicClaude'),
        ...userDataFolders(platform),
      ];
    }
    const programs =
      platform.os === 'darwin'
        ? ['/Applications/Claude.app', join(platform.home, 'Applications', 'Claude.app')]
        : ['/usr/lib/claude-desktop', '/usr/lib/claude-desktop-unofficial'];
    return [...programs, ...userDataFolders(platform)];
  },
};
