import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../../../electron/hub/log.ts';

const electron = vi.hoisted(() => ({
  app: { on: vi.fn() },
  session: {
    defaultSession: {
      setPermissionRequestHandler: vi.fn(),
      setPermissionCheckHandler: vi.fn(),
      setDevicePermissionHandler: vi.fn(),
    },
  },
  shell: { openExternal: vi.fn(() => Promise.resolve()) },
  protocol: {},
}));
vi.mock('electron', () => electron);
const { confinePages, isAllowedOutside, isOurPage } = await import('../../../electron/main/security.ts');

describe('E37: what the system’s browser may be sent to', () => {
  test.each([
    'https://github.com/acme/repo',
    'https://modelcontextprotocol.io/specification',
    'http://127.0.0.1:12009/#token=abc',
    'http://127.0.0.1:40123/',
  ])('%s: yes', (url) => expect(isAllowedOutside(url)).toBe(true));

  test.each([
    'http://github.com/',
    'https://github.com.evil.example/',
    'https://evil.example/?github.com',
    'https://github.com:8443/',
    'https://user:pass@github.com/',
    'http://127.0.0.1:12009/api/hub/stop',
    'http://127.0.0.1:12009/?x=1',
    'http://127.0.0.1@evil.example/',
    'http://127.0.0.1.evil.example/',
    'http://localhost:12009/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ms-msdt:/id',
    '\\\\server\\share',
    'app://ui/',
    ' ',
  ])('%j: no', (url) => expect(isAllowedOutside(url)).toBe(false));
});

test('only addresses of the UI’s own origin are our pages', () => {
  const pages = [
    'app://ui/',
    'app://ui/index.html',
    'app://ui',
    'app://ui.evil/',
    'app://other/',
    'https://ui/',
  ];
  expect(pages.filter(isOurPage)).toEqual(['app://ui/', 'app://ui/index.html', 'app://ui']);
});

describe('E34: a page is confined', () => {
  class Contents extends EventEmitter {
    open: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
    setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
      this.open = handler;
    }
  }
  let contents: Contents;

  beforeEach(() => {
    vi.clearAllMocks();
    confinePages(silentLogger);
    const [, onCreated] = electron.app.on.mock.calls[0] as [string, (event: unknown, made: Contents) => void];
    contents = new Contents();
    onCreated({}, contents);
  });

  test.each(['will-navigate', 'will-redirect'])('%s stays at home', (name) => {
    const refused = (url: string): boolean => {
      const preventDefault = vi.fn();
      contents.emit(name, { url, preventDefault });
      return preventDefault.mock.calls.length > 0;
    };
    expect([refused('https://github.com/'), refused('file:///x'), refused('app://ui/#/x')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('a webview is never attached', () => {
    const preventDefault = vi.fn();
    contents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  test('a new window is always denied, whether or not the address may be opened outside', () => {
    expect(contents.open({ url: 'https://github.com/x' })).toEqual({ action: 'deny' });
    expect(contents.open({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
    expect(electron.shell.openExternal.mock.calls).toEqual([['https://github.com/x']]);
  });

  test('no permission is given but that to copy', () => {
    const [check] = electron.session.defaultSession.setPermissionCheckHandler.mock.calls[0] as [
      (contents: null, permission: string) => boolean,
    ];
    const [request] = electron.session.defaultSession.setPermissionRequestHandler.mock.calls[0] as [
      (contents: null, permission: string, decide: (isGranted: boolean) => void) => void,
    ];
    const decided: Record<string, boolean[]> = {};
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'clipboard-sanitized-write',
    ]) {
      request(null, permission, (isGranted) => (decided[permission] = [check(null, permission), isGranted]));
    }
    expect(decided).toEqual({
      media: [false, false],
      geolocation: [false, false],
      notifications: [false, false],
      openExternal: [false, false],
      'clipboard-sanitized-write': [true, true],
    });
  });
});
