import { inheritedEnvironment } from '../inherited-environment.ts';
import { claudeDesktopProcess } from './claude-executables.ts';
import type { ClientAdapter, ConfigFile } from './client-adapter.ts';
import { userTable } from './entry-tables.ts';
import { claudeDesktopSurroundings, MSIX_PACKAGE_FAMILY, userDataFolders } from './claude-desktop-places.ts';
import { joinerFor, localFolder } from './platform-paths.ts';

const CONFIG_NAME = 'claude_desktop_config.json';

/** Claude Desktop: one file of stdio entries, read at cold start and rewritten whole from memory at any time. */
export const claudeDesktop: ClientAdapter = {
  id: 'claude-desktop',
  name: 'Claude Desktop',
  expandsVariables: false,

  configFiles(platform) {
    const join = joinerFor(platform.os);
    const paths = userDataFolders(platform).map((folder) => join(folder, CONFIG_NAME));
    return paths.map((path, index): ConfigFile => ({
      path,
      client: 'claude-desktop',
      mustNotRun: true,
      ...(index > 0 && { hiddenBy: paths.slice(0, index) }),
    }));
  },

  surroundings: claudeDesktopSurroundings,

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
