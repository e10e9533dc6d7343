import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../../shared/model/session.ts';
import { createArrivals } from '../../../electron/hub/migration/settle/client-arrivals.ts';
import type { ProcessImage } from '../../../electron/hub/migration/settle/process-control.ts';
import { quitRecipe, startRecipe } from '../../../electron/hub/migration/settle/restart-recipes.ts';
import { sessionAdvice } from '../../../electron/hub/migration/settle/live-sessions.ts';

const image = (executable: string): ProcessImage => ({
  pid: 1,
  mark: null,
  executable,
  args: [],
  argv0: null,
  cwd: null,
  env: null,
});

describe('how a desktop client is stopped and started', () => {
  const mac = image('/Applications/Odd "Claude".app/Contents/MacOS/Claude');

  it('macOS: by AppleScript and open, by the bundle it runs from', () => {
    expect(quitRecipe('darwin', 'Claude Desktop', mac)).toEqual({
      way: 'run',
      command: '/usr/bin/osascript',
      args: ['-e', String.raw`tell application "/Applications/Odd \"Claude\".app" to quit`],
    });
    expect(startRecipe('darwin', mac)).toEqual({
      command: '/usr/bin/open',
      args: ['-a', '/Applications/Odd "Claude".app'],
    });
  });

  it('Windows: the person quits it; a package is started by its id, a program by its path', () => {
    const store = image(
      String.raw`C:\Program Files\WindowsApps\Claude_1.2.3.0_x64__pzs8sxrjxfjjc\app\Claude.exe`,
    );
    expect(quitRecipe('win32', 'Claude Desktop', store)).toMatchObject({ way: 'ask' });
    expect(startRecipe('win32', store)!.args.at(-1)).toContain("-like 'Claude_pzs8sxrjxfjjc!*'");
    const plain = image(String.raw`C:\Users\ada\AppData\Local\AnthropicClaude\app-1\claude.exe`);
    expect(startRecipe('win32', plain)).toEqual({ command: plain.executable, args: [] });
  });

  it('Linux: by a signal, and again with everything it was started with', () => {
    const full = {
      ...image('/usr/lib/claude-desktop/claude-desktop'),
      args: ['--x'],
      argv0: 'c',
      cwd: '/',
      env: {},
    };
    expect(quitRecipe('linux', 'Claude Desktop', full)).toEqual({ way: 'signal' });
    const { executable: command, args, argv0, cwd, env } = full;
    expect(startRecipe('linux', full)).toEqual({ command, args, argv0, cwd, env });
  });

  it('says so where the program is not known', () => {
    expect(startRecipe('linux', image(''))).toBeNull();
    expect(startRecipe('darwin', image('/usr/local/bin/claude'))).toBeNull();
    expect(quitRecipe('darwin', 'Claude Desktop', image(''))).toMatchObject({ way: 'ask' });
  });
});

it('a folder with odd characters is quoted for the shell that will read it', () => {
  const session = { pid: 1, cwd: "/it's here", sessionId: 'id', isBusy: null, version: null };
  expect(sessionAdvice('Claude Code', session, 'linux')).toContain(
    String.raw`cd '/it'\''s here' && claude --resume id`,
  );
  expect(sessionAdvice('Claude Code', session, 'win32')).toContain(`cd "/it's here" && claude --resume id`);
});

describe('arrivals', () => {
  const session = (id: string, more: Partial<SessionView> = {}): SessionView => ({
    id,
    client: 'claude-desktop',
    server: 'a',
    transport: 'shim',
    era: 'legacy',
    pid: 1,
    cwd: null,
    openedAt: 0,
    resumed: 0,
    ...more,
  });
  function arrivals(...looks: (SessionView[] | null)[]) {
    let now = 0;
    return createArrivals({
      connected: async () => (looks.length > 1 ? looks.shift()! : looks[0]!),
      now: () => now,
      sleep: async (ms) => void (now += ms),
    });
  }

  it('counts what the client opens from now on, once it has said something', async () => {
    const old = session('old');
    const looks = [
      [old],
      [old, session('silent', { era: null }), session('other', { client: 'claude-code' })],
      [old, session('new', { pid: 5 })],
    ];
    expect(await arrivals(...looks).waitFor('claude-desktop', ['a'], 5_000)).toEqual([
      { server: 'a', session: 'new', pid: 5 },
    ]);
  });

  it('gives what there is when the time is over, and null when no hub was there', async () => {
    expect(await arrivals([], [session('new')]).waitFor('claude-desktop', ['a', 'b'], 1_000)).toHaveLength(1);
    expect(await arrivals(null).waitFor('claude-desktop', ['a'], 1_000)).toBeNull();
  });
});
