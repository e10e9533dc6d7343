import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { claudeDesktop } from '../../../electron/hub/clients/claude-desktop.ts';
import type { ProcessFacts } from '../../../electron/hub/clients/client-adapter.ts';

const STARTED = '2026-11-21T09:00:00.000Z';
type Row = [os: NodeJS.Platform, path: string, cmd: string, version: string | null];

const started = (path: string, cmd: string, ids: Partial<ProcessFacts> = {}): ProcessFacts => ({
  pid: 100,
  ppid: 1,
  name: path.split(/[/\\]/).at(-1)!,
  path,
  cmd,
  startedAt: STARTED,
  ...ids,
});

/** Which adapters take a process, with the version they read from its path. */
function takers(os: NodeJS.Platform, process: ProcessFacts): [string, string | null][] {
  const platform = { os, home: '/h', env: {} };
  return [claudeDesktop, claudeCode].flatMap((adapter) =>
    adapter
      .findRunning([process], platform)
      .map((found): [string, string | null] => [adapter.id, found.version]),
  );
}

const MSIX = 'C:\\Program Files\\WindowsApps\\Claude_1.24012.1.0_x64__pzs8sxrjxfjjc\\app\\Claude.exe';

const DESKTOP: Row[] = [
  [
    'darwin',
    '/Applications/Claude.app/Contents/MacOS/Claude',
    '/Applications/Claude.app/Contents/MacOS/Claude',
    null,
  ],
  [
    'darwin',
    '/Users/a b/Applications/Claude.app/Contents/MacOS/Claude',
    '/Users/a b/Applications/Claude.app/Contents/MacOS/Claude',
    null,
  ],
  ['win32', MSIX, `"${MSIX}" --startup`, '1.24012.1.0'],
  [
    'win32',
    'C:\\Users\\a\\AppData\\Local\\AnthropicClaude\\app-0.12.129\\claude.exe',
    'claude.exe',
    '0.12.129',
  ],
  ['linux', '/usr/lib/claude-desktop/claude-desktop', '/usr/bin/claude-desktop', null],
  [
    'linux',
    '/usr/lib/claude-desktop-unofficial/claude-desktop-unofficial',
    'claude-desktop --class=Claude',
    null,
  ],
  ['linux', '/tmp/.mount_claudeX1/usr/lib/claude-desktop/claude-desktop', 'AppRun', null],
  ['linux', '/usr/lib/claude-desktop/node_modules/electron/dist/electron', 'electron app.asar', null],
];

const CODE: Row[] = [
  ['linux', '/usr/lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe', 'claude --resume', null],
  ['linux', '/n/@anthropic-ai/claude-code-linux-x64/claude', 'claude -p x', null],
  ['linux', '/asdf/nodejs/20.20.2/lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe', 'claude', null],
  ['linux', '/home/a/.local/share/claude/versions/2.1.197', 'claude', '2.1.197'],
  [
    'linux',
    '/usr/bin/node',
    'node /home/a/.claude/local/node_modules/@anthropic-ai/claude-code/cli.js -c',
    null,
  ],
  ['linux', '/usr/bin/node', 'node --max-old-space-size=4096 /n/@anthropic-ai/claude-code/cli.js', null],
  ['linux', '/usr/bin/node', 'claude', null],
  ['darwin', '', 'claude --continue', null],
  ['darwin', '/Users/a/Library/Application Support/Claude/claude-code/2.1.181/claude', 'claude', '2.1.181'],
  [
    'win32',
    'C:\\Users\\a\\.local\\bin\\claude.exe',
    '"C:\\Users\\a\\.local\\bin\\claude.exe" --resume',
    null,
  ],
  ['win32', 'C:\\npm\\node_modules\\@anthropic-ai\\claude-code\\bin\\claude.exe', 'claude.exe', null],
  [
    'win32',
    'C:\\Users\\a\\AppData\\Roaming\\Claude\\claude-code\\2.1.181\\claude.exe',
    'claude.exe',
    '2.1.181',
  ],
  [
    'win32',
    'C:\\Program Files\\nodejs\\node.exe',
    '"C:\\Program Files\\nodejs\\node.exe" "C:\\a b\\@anthropic-ai\\claude-code\\cli.js"',
    null,
  ],
];

const NEITHER: [os: NodeJS.Platform, path: string, cmd: string][] = [
  [
    'darwin',
    '/Applications/Claude.app/Contents/Frameworks/Claude Helper.app/Contents/MacOS/Claude Helper',
    'x --type=renderer',
  ],
  ['darwin', '/usr/bin/open', 'open /Applications/Claude.app'],
  ['linux', '/usr/lib/claude-desktop/claude-desktop', '/usr/lib/claude-desktop/claude-desktop --type=zygote'],
  ['linux', '/usr/lib/claude-desktop/chrome_crashpad_handler', 'chrome_crashpad_handler --monitor-self'],
  ['linux', '/usr/lib/claude-desktop/resources/chrome-native-host', 'chrome-native-host'],
  ['linux', '/usr/bin/bash', 'bash /usr/bin/claude-desktop'],
  ['linux', '/usr/bin/vim', 'vim /home/a/.claude.json'],
  ['linux', '', '[claude] <defunct>'],
  ['win32', MSIX, `"${MSIX}" --type=gpu-process`],
  [
    'win32',
    'C:\\Program Files\\WindowsApps\\Claude_1_x64__p\\app\\resources\\cowork-svc.exe',
    'cowork-svc.exe',
  ],
  // A process of somebody else: Windows hides its path, and the name could be either program's.
  ['win32', '', ''],
  // Our own: the shim that a client started, also for an original that is Claude Code itself.
  ['linux', '/usr/bin/node', 'node /d/shim/shim.cjs --client claude-code --server cc -- claude mcp serve'],
  [
    'linux',
    '/usr/bin/node',
    'node /d/shim/shim.cjs --client claude-desktop --server cc -- node /n/@anthropic-ai/claude-code/cli.js',
  ],
  [
    'linux',
    '/opt/Patchbay/patchbay',
    'patchbay /d/shim/shim.cjs --client claude-desktop --server x -- claude',
  ],
  // And such a server as a child of the hub.
  ['linux', '/home/a/.local/share/claude/versions/2.1.197', 'claude mcp serve'],
  ['linux', '/n/@anthropic-ai/claude-code/bin/claude.exe', 'claude --debug mcp serve --verbose'],
  ['linux', '/usr/bin/node', 'node /n/@anthropic-ai/claude-code/cli.js mcp serve'],
];

describe('processes by executable', () => {
  it.each(DESKTOP)('Claude Desktop on %s: %s', (os, path, cmd, version) => {
    expect(takers(os, started(path, cmd))).toEqual([['claude-desktop', version]]);
  });

  it.each(CODE)('Claude Code on %s: %s %s', (os, path, cmd, version) => {
    expect(takers(os, started(path, cmd))).toEqual([['claude-code', version]]);
  });

  it.each(NEITHER)('neither on %s: %s %s', (os, path, cmd) => {
    const name = path === '' && os === 'win32' ? 'claude.exe' : undefined;
    expect(takers(os, started(path, cmd, name ? { name } : {}))).toEqual([]);
  });

  it('counts a program that starts itself once', () => {
    const path = '/home/a/.local/share/claude/versions/2.1.197';
    const processes = [
      started(path, 'claude', { pid: 10, ppid: 2 }),
      started(path, 'rg --files', { pid: 11, ppid: 10 }),
      started(path, 'claude', { pid: 20, ppid: 3 }),
    ];
    expect(claudeCode.findRunning(processes, { os: 'linux', home: '/h', env: {} })).toEqual([
      { pid: 10, startedAt: STARTED, version: '2.1.197', cwd: null },
      { pid: 20, startedAt: STARTED, version: '2.1.197', cwd: null },
    ]);
  });
});
