import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import {
  statusInWords,
  type TrayActions,
  trayIcon,
  trayMenu,
  type TrayState,
} from '../../../electron/main/tray-menu.ts';
import type { ClientView } from '../../../shared/model/client.ts';
import type { HubStatus } from '../../../shared/model/hub.ts';

const actions = (): TrayActions => ({
  open: vi.fn(),
  setRouting: vi.fn(),
  rollBackAll: vi.fn(),
  startHub: vi.fn(),
  openLog: vi.fn(),
  setOpenAtLogin: vi.fn(),
  quit: vi.fn(),
});

const status = (more: Partial<HubStatus> = {}): HubStatus => ({
  running: true,
  pid: 10,
  port: 12_009,
  url: 'http://127.0.0.1:12009/',
  version: '0.1.0',
  host: 'desktop',
  startedAt: 0,
  dataDir: '/data',
  servers: [],
  sessions: 0,
  droppedExchanges: 0,
  trafficStore: null,
  errorsLastHour: 0,
  bypasses: [],
  catalogError: null,
  ...more,
});

const client = (id: ClientView['id'], routed: boolean[], more: Partial<ClientView> = {}): ClientView => ({
  id,
  name: id === 'claude-code' ? 'Claude Code' : 'Claude Desktop',
  installed: true,
  running: [],
  configs: [
    {
      path: '/c',
      scope: 'user',
      exists: true,
      entries: routed.map((isRouted, index) => ({ name: `s${index}`, transport: 'stdio', routed: isRouted })),
    },
  ],
  ...more,
});

const READY = { phase: 'ready', url: 'http://127.0.0.1:12009/', port: 12_009, pid: 10 } as const;
const FAILED = {
  phase: 'failed',
  error: { code: 'PORT_TAKEN', message: 'Port 12009 is taken by node (pid 7).' },
} as const;

const state = (more: Partial<TrayState> = {}): TrayState => ({
  hub: READY,
  view: { status: status(), clients: [] },
  isBusy: false,
  openAtLogin: false,
  ...more,
});

const itemIn = (items: MenuItemConstructorOptions[], id: string): MenuItemConstructorOptions | undefined =>
  items.find((item) => item.id === id) ??
  items.flatMap((item) => (Array.isArray(item.submenu) ? item.submenu : [])).find((item) => item.id === id);

/** Presses an item as Electron would; the arguments are not used. */
function press(items: MenuItemConstructorOptions[], id: string): void {
  const click = itemIn(items, id)?.click as (() => void) | undefined;
  if (!click) throw new Error(`no item ${id}`);
  click();
}

/** The menu as a person reads it. */
const read = (items: MenuItemConstructorOptions[]): string[] =>
  items.map((item) => {
    if (item.type === 'separator') return '---';
    const mark = item.type === 'checkbox' ? (item.checked ? '[x] ' : '[ ] ') : '';
    return `${mark}${item.label}${item.enabled === false ? ' (off)' : ''}`;
  });

describe('the tray menu', () => {
  test('says everything in words', () => {
    const view = {
      status: status({
        sessions: 2,
        errorsLastHour: 1,
        servers: [
          { name: 'github', state: 'running', instances: 2 },
          { name: 'jira', state: 'failed', instances: 0 },
        ],
      }),
      clients: [client('claude-code', [true, true]), client('claude-desktop', [true, false])],
    };
    expect(read(trayMenu(state({ view }), actions()))).toEqual([
      'Running, 2 sessions (off)',
      '1 error in the last hour',
      '---',
      '[ ] Route All Clients Through Patchbay',
      '[x] Claude Code: routed',
      '[ ] Claude Desktop: partly routed',
      '---',
      '2 Servers (1 running, 1 failed)',
      '---',
      'Open Patchbay',
      'Live Traffic',
      'Roll Back All Clients…',
      '---',
      '[ ] Start at Login',
      'Quit Patchbay',
    ]);
  });

  test('before the hub has said anything, nothing about clients is claimed and nothing can be switched', () => {
    const items = trayMenu(
      state({ hub: { phase: 'starting' }, view: { status: null, clients: null } }),
      actions(),
    );
    expect(read(items)).toEqual([
      'Starting… (off)',
      '---',
      'Clients are not known yet (off)',
      '---',
      'Open Patchbay',
      'Live Traffic',
      'Roll Back All Clients… (off)',
      '---',
      '[ ] Start at Login',
      'Quit Patchbay',
    ]);
  });

  test('a failed hub says why and offers the restart and the log', () => {
    const does = actions();
    const items = trayMenu(state({ hub: FAILED, view: { status: null, clients: null } }), does);
    expect(read(items).slice(0, 3)).toEqual([
      'Not running: Port 12009 is taken by node (pid 7). (off)',
      'Restart the Hub',
      'Open the Log',
    ]);
    press(items, 'start-hub');
    press(items, 'log');
    expect(does.startHub).toHaveBeenCalledOnce();
    expect(does.openLog).toHaveBeenCalledOnce();
  });

  test('a stopped hub can be started', () => {
    expect(read(trayMenu(state({ hub: { phase: 'stopped' } }), actions()))).toContain('Start the Hub');
  });

  test('an item turns a client on when any of its servers is direct, and off when all are routed', () => {
    const does = actions();
    const clients = [client('claude-code', [true]), client('claude-desktop', [true, false])];
    const items = trayMenu(state({ view: { status: status(), clients } }), does);
    press(items, 'route:claude-code');
    press(items, 'route:claude-desktop');
    press(items, 'route-all');
    expect(vi.mocked(does.setRouting).mock.calls).toEqual([
      [['claude-code'], false],
      [['claude-desktop'], true],
      [['claude-code', 'claude-desktop'], true],
    ]);
  });

  test('all clients: ticked and turned off only when every one is routed; those without servers do not count', () => {
    const does = actions();
    const clients = [client('claude-code', [true]), client('claude-desktop', [])];
    const items = trayMenu(state({ view: { status: status(), clients } }), does);
    expect(itemIn(items, 'route-all')?.checked).toBe(true);
    press(items, 'route-all');
    expect(does.setRouting).toHaveBeenCalledWith(['claude-code'], false);
    expect(itemIn(items, 'route:claude-desktop')).toMatchObject({
      label: 'Claude Desktop: no servers to route',
      enabled: false,
    });
  });

  test('clients that are neither installed nor configured are not listed', () => {
    const clients = [client('claude-desktop', [], { installed: false })];
    const items = trayMenu(state({ view: { status: status(), clients } }), actions());
    expect(itemIn(items, 'route:claude-desktop')).toBeUndefined();
    expect(itemIn(items, 'route-all')?.enabled).toBe(false);
  });

  test('nothing can be switched while a switch is under way', () => {
    const clients = [client('claude-code', [true])];
    const items = trayMenu(state({ isBusy: true, view: { status: status(), clients } }), actions());
    const ids = ['route-all', 'route:claude-code', 'roll-back'];
    expect(ids.map((id) => itemIn(items, id)?.enabled)).toEqual([false, false, false]);
  });

  test('rolling back is offered only when something is routed', () => {
    const enabled = (routed: boolean): boolean | undefined =>
      itemIn(
        trayMenu(
          state({ view: { status: status(), clients: [client('claude-code', [routed, false])] } }),
          actions(),
        ),
        'roll-back',
      )?.enabled;
    expect([enabled(true), enabled(false)]).toEqual([true, false]);
  });

  test('items lead to the place they speak of', () => {
    const does = actions();
    const servers = [{ name: 'a b', state: 'idle', instances: 0 } as const];
    const items = trayMenu(
      state({ view: { status: status({ servers, catalogError: 'line 3' }), clients: [] } }),
      does,
    );
    for (const id of ['errors', 'catalog-error', 'server:a b', 'traffic', 'open']) press(items, id);
    expect(vi.mocked(does.open).mock.calls).toEqual([
      ['/traffic?filter=status%3Aerror+since%3A1h'],
      ['/servers'],
      ['/servers?server=a+b'],
      ['/traffic'],
      [],
    ]);
  });

  test('where the system has no login item, none is offered', () => {
    expect(itemIn(trayMenu(state({ openAtLogin: null }), actions()), 'open-at-login')).toBeUndefined();
    expect(itemIn(trayMenu(state({ openAtLogin: true }), actions()), 'open-at-login')?.checked).toBe(true);
  });

  test('E27: a hostile server name is one short line and no mnemonic', () => {
    const name = `a&b\n\u001b[31m\u202e${'x'.repeat(200)}`;
    const view = { status: status({ servers: [{ name, state: 'idle', instances: 0 }] }), clients: [] };
    const label = itemIn(trayMenu(state({ view }), actions()), `server:${name}`)?.label ?? '';
    expect(label).toMatch(/^a&&b \[31m x+…$/);
    expect(label.length).toBeLessThan(70);
  });
});

describe('the icon', () => {
  test.each([
    ['normal', state()],
    ['off', state({ hub: { phase: 'starting' } })],
    ['off', state({ hub: { phase: 'stopped' } })],
    ['off', state({ hub: { phase: 'restarting', delayMs: 0, reason: 'x' } })],
    ['attention', state({ hub: FAILED })],
    ['attention', state({ view: { status: status({ catalogError: 'bad' }), clients: [] } })],
    [
      'attention',
      state({
        view: { status: status({ servers: [{ name: 'a', state: 'failed', instances: 0 }] }), clients: [] },
      }),
    ],
  ] as const)('is %s', (icon, current) => {
    expect(trayIcon(current)).toBe(icon);
  });

  test('its tooltip says the state in words', () => {
    expect(statusInWords(state({ hub: { phase: 'restarting', delayMs: 0, reason: 'x' } }))).toBe(
      'The hub crashed and is starting again…',
    );
    expect(statusInWords(state({ view: { status: null, clients: null } }))).toBe('Running');
    expect(statusInWords(state({ view: { status: status({ sessions: 1 }), clients: null } }))).toBe(
      'Running, 1 session',
    );
  });
});
