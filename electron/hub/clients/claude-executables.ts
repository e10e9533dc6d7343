import type { RunningClient } from '../../../shared/model/client.ts';
import type { ProcessFacts } from './client-adapter.ts';

/** Recognises a program by its executable. Claude's app and CLI are both `claude.exe`, so a name alone says nothing. */
export interface ExecutableMatcher {
  /**
   * The processes of this program that are nobody's helper: a match whose parent matches too is a worker of that
   * parent (Chromium's renderers, Claude Code calling itself as ripgrep).
   */
  findRoots(processes: readonly ProcessFacts[], os: NodeJS.Platform): RunningClient[];
}

const DESKTOP_PATHS: Readonly<Partial<Record<NodeJS.Platform, readonly RegExp[]>>> = {
  darwin: [/\/Claude\.app\/Contents\/MacOS\/Claude$/],
  win32: [
    // MSIX: C:\Program Files\WindowsApps\Claude_<version>_<arch>__<publisher>\app\Claude.exe
    /\/windowsapps\/claude_[^/]+\/app\/claude\.exe$/,
    // Squirrel: %LOCALAPPDATA%\AnthropicClaude\app-<version>\claude.exe, with a launcher of that name above it
    /\/anthropicclaude\/(app-[^/]+\/)?claude\.exe$/,
  ],
  // The official package, the unofficial ones (AppImage and nix keep their tree) and old ones on a bundled Electron.
  linux: [/\/claude-desktop(-unofficial)?\/(.+\/)?(claude-desktop(-unofficial)?|electron)$/],
};

/** Claude Code's own name on every OS: `claude.exe` in the npm package, `claude` or a version elsewhere. */
const CODE_PATHS: readonly RegExp[] = [/(^|\/)claude(\.exe)?$/, /\/claude\/versions\/\d+\.\d+\.\d+[^/]*$/];

/** The folders named after a version: native installer, Desktop's own copy of Claude Code, MSIX, Squirrel. */
const VERSION_FOLDERS: readonly RegExp[] = [
  /\/claude\/versions\/([^/]+)$/,
  /\/claude-code\/(\d[^/]*)\//,
  /\/windowsapps\/claude_([^_/]+)_/,
  /\/anthropicclaude\/app-([^/]+)\//,
];

/** Before it was a native program: a script of the npm package, first argument of its runtime. */
const CODE_RUNTIMES = /(^|\/)(node|bun)(\.exe)?$/;
const CODE_SCRIPT = /[/\\]@anthropic-ai[/\\]claude-code[/\\]cli\.m?js$/;

export const claudeDesktopProcess: ExecutableMatcher = matcher(
  (program) => isDesktopPath(program.path, program.os) && !/\s--type=/.test(program.cmd),
);

export const claudeCodeProcess: ExecutableMatcher = matcher((program) => {
  if (isDesktopPath(program.path, program.os)) return false;
  if (CODE_PATHS.some((pattern) => pattern.test(program.path))) return !servesMcp(words(program.args));
  if (!CODE_RUNTIMES.test(program.path)) return false;
  // The script replaces its whole command line by `claude` once it runs.
  if (program.cmd.trim() === 'claude') return true;
  const [script = '', ...rest] = words(program.args);
  return CODE_SCRIPT.test(script) && !servesMcp(rest);
});

/** `claude mcp serve` is Claude Code as somebody's MCP server, such as one of ours; no session of a person. */
const servesMcp = ([command, subcommand]: readonly string[]): boolean =>
  command === 'mcp' && subcommand === 'serve';

/** Arguments that are no options, unquoted. */
function words(args: string): string[] {
  const all = args.match(/"[^"]*"|\S+/g) ?? [];
  return all.map((word) => word.replaceAll('"', '')).filter((word) => !word.startsWith('-'));
}

interface Program {
  /** With slashes; lower case on Windows, whose paths are case-insensitive. */
  path: string;
  cmd: string;
  /** The command line without the program. */
  args: string;
  os: NodeJS.Platform;
}

function isDesktopPath(executable: string, os: NodeJS.Platform): boolean {
  return DESKTOP_PATHS[os]?.some((pattern) => pattern.test(executable)) ?? false;
}

function matcher(matches: (program: Program) => boolean): ExecutableMatcher {
  return {
    findRoots(processes, os) {
      const own = processes.filter((candidate) => matches(programOf(candidate, os)));
      const pids = new Set(own.map(({ pid }) => pid));
      return own
        .filter(({ ppid }) => !pids.has(ppid))
        .map((found) => ({
          pid: found.pid,
          startedAt: found.startedAt,
          version: versionInPath(programOf(found, os).path),
          cwd: null,
        }));
    },
  };
}

function programOf({ path: executable, cmd, name }: ProcessFacts, os: NodeJS.Platform): Program {
  const quoted = /^"([^"]*)"\s*/.exec(cmd);
  let program = executable;
  let args = '';
  if (quoted) args = cmd.slice(quoted[0].length);
  else if (executable !== '' && cmd.startsWith(executable)) args = cmd.slice(executable.length).trimStart();
  else args = cmd.replace(/^\S*\s*/, '');
  // macOS tells no path for a program started by its name. Windows hides the path of processes that are not ours:
  // there the name could be either program's.
  if (program === '' && os !== 'win32') program = /^\S+/.exec(cmd)?.[0] ?? name;
  const normalised = os === 'win32' ? program.replaceAll('\\', '/').toLowerCase() : program;
  return { path: normalised, cmd, args, os };
}

/** Null for installations that do not write it into their path, such as npm's. */
function versionInPath(executable: string): string | null {
  for (const pattern of VERSION_FOLDERS) {
    const version = pattern.exec(executable)?.[1];
    if (version !== undefined) return version;
  }
  return null;
}
