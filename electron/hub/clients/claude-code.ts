import type { Platform } from '../data-folder.ts';
import {
  claudeCodeFolder,
  claudeCodeProjectPlaces,
  claudeCodeSurroundings,
  foldersUpward,
} from './claude-code-places.ts';
import { claudeCodeProcess } from './claude-executables.ts';
import type { ClientAdapter, ConfigFile, EntryTable } from './client-adapter.ts';
import { ownObject, userTable } from './entry-tables.ts';
import { joinerFor } from './platform-paths.ts';

function configFile(platform: Platform): ConfigFile {
  const join = joinerFor(platform.os);
  const path = join(platform.env.CLAUDE_CONFIG_DIR || platform.home, '.claude.json');
  return {
    path,
    client: 'claude-code',
    clientLock: `${path}.lock`,
    mustNotRun: false,
    // Written by its first releases; Claude Code reads it instead of the other to this day.
    replacedBy: join(claudeCodeFolder(platform), '.config.json'),
  };
}

/**
 * Claude Code: user and local scope live in one hot file that every running instance rewrites under a lock.
 * Project files (`.mcp.json`) belong to a repository and its other readers, so they are no config files of a person's.
 */
export const claudeCode: ClientAdapter = {
  id: 'claude-code',
  name: 'Claude Code',
  expandsVariables: true,

  configFiles: (platform) => [configFile(platform)],

  entryTables(root) {
    const tables: EntryTable[] = userTable(root);
    const projects = ownObject(root, 'projects');
    for (const project of Object.keys(projects ?? {})) {
      if (!ownObject(ownObject(projects, project), 'mcpServers')) continue;
      tables.push({ keys: ['projects', project, 'mcpServers'], scope: 'local', project });
    }
    return tables;
  },

  surroundings: claudeCodeSurroundings,

  projects: {
    known: (root) => Object.keys(ownObject(root, 'projects') ?? {}),
    foldersUpward,
    places: claudeCodeProjectPlaces,
  },

  speaksHttp: true,

  launch(table, entryEnv, platform) {
    const cwd = table.project ?? platform.home;
    const inherited = Object.entries(platform.env).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && !OWN_RUNTIME.has(pair[0]),
    );
    // As 2.1.197 sets them for every server. AI_AGENT and CLAUDE_CODE_SESSION_ID name a version and a session: both
    // exist in a live client only.
    const added = {
      NoDefaultCurrentDirectoryInExePath: '1',
      COREPACK_ENABLE_AUTO_PIN: '0',
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      CLAUDE_PROJECT_DIR: cwd,
      CLAUDECODE: '1',
    };
    return { env: { ...Object.fromEntries(inherited), ...added, ...entryEnv }, cwd };
  },

  findRunning(processes, { os }) {
    return claudeCodeProcess.findRoots(processes, os);
  },

  sessionFolder: (platform) => joinerFor(platform.os)(claudeCodeFolder(platform), 'sessions'),

  installMarks(platform) {
    const join = joinerFor(platform.os);
    const program = platform.os === 'win32' ? 'claude.exe' : 'claude';
    return [
      configFile(platform).path,
      claudeCodeFolder(platform),
      join(platform.home, '.local', 'bin', program),
    ];
  },
};

/** Set for Patchbay's own processes where Electron is the runtime; a client's environment does not have it. */
const OWN_RUNTIME: ReadonlySet<string> = new Set(['ELECTRON_RUN_AS_NODE']);
