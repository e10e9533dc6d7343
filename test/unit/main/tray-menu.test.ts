import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { NOTHING_KNOWN } from '../../../electron/main/hub-follower.ts';
import { messagesIn } from '../../../electron/main/messages/messages.ts';
import { type TrayActions, trayMenu as trayMenuIn } from '../../../electron/main/tray-menu.ts';
import type { TrayState } from '../../../electron/main/tray-state.ts';
import type { UpdateState } from '../../../shared/model/desktop.ts';
import { alert, client, FAILED, failed, finding, state, status } from './tray-samples.ts';

const actions = (): TrayActions => ({
  open: vi.fn(),
  setRouting: vi.fn(),
  rollBackAll: vi.fn(),
  startHub: vi.fn(),
  openLog: vi.fn(),
  setOpenAtLogin: vi.fn(),
  checkForUpdate: vi.fn(),
  downloadUpdate: vi.fn(),
  installUpdate: vi.fn(),
  quit: vi.fn(),
});

const trayMenu = (shown: TrayState, does: TrayActions): MenuItemConstructorOptions[] =>
  trayMenuIn(shown, does, messagesIn('en'));

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
      'Running, 1 of 2 clients routed, 1 partly, 2 sessions (off)',
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

  test('says it in German', () => {
    const view = {
      status: status({
        sessions: 2,
        errorsLastHour: 1_234,
        catalogError: 'line 3',
        servers: [
          { name: 'github', state: 'running', instances: 2 },
          { name: 'jira', state: 'failed', instances: 0 },
          { name: 'git', state: 'idle', instances: 0 },
        ],
      }),
      clients: [client('claude-code', [true, true]), client('claude-desktop', [true, false])],
      findings: [finding()],
      failures: [failed(7, { errorMessage: null, outcome: 'lost' })],
    };
    const items = trayMenuIn(
      state({ view, update: { phase: 'downloading', version: '2.0.0', percent: 40 } }),
      actions(),
      messagesIn('de'),
    );
    expect(read(items)).toEqual([
      'Läuft, 1 von 2 Clients umgeleitet, 1 teils, 2 Sitzungen (off)',
      'Die Katalogdatei enthält einen Fehler',
      '1 Änderung an Konfigurationen zu prüfen',
      '1.234 Fehler in der letzten Stunde',
      '---',
      '[ ] Alle Clients über Patchbay leiten',
      '[x] Claude Code: umgeleitet',
      '[ ] Claude Desktop: teils umgeleitet',
      '---',
      '3 Server (1 läuft, 1 ausgefallen)',
      '---',
      'Patchbay öffnen',
      'Datenverkehr live',
      'Alle Clients zurückrollen…',
      '---',
      '[ ] Bei der Anmeldung starten',
      'Version 2.0.0 wird heruntergeladen: 40\u00a0% (off)',
      'Patchbay beenden',
    ]);
    expect(
      ['failure:7', 'errors', 'server:github', 'server:git'].map((id) => itemIn(items, id)?.label),
    ).toEqual([
      expect.stringMatching(/^\d\d:\d\d  github, search: getrennt$/),
      'Alle zeigen',
      'github: läuft (2)',
      'git: bereit',
    ]);
  });

  test('before the hub has said anything, nothing about clients is claimed and nothing can be switched', () => {
    const items = trayMenu(state({ hub: { phase: 'starting' }, view: NOTHING_KNOWN }), actions());
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
    const items = trayMenu(state({ hub: FAILED, view: NOTHING_KNOWN }), does);
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

describe('what wants a person', () => {
  test('each recent failure leads to itself, and the last item to all of them', () => {
    const does = actions();
    const failures = [
      failed(7),
      failed(6, { tool: null, method: 'resources/list', errorMessage: null, outcome: 'lost' }),
      failed(5, { outcome: 'tool-error', errorMessage: null }),
    ];
    const items = trayMenu(state({ view: { status: status({ errorsLastHour: 9 }), failures } }), does);
    expect(itemIn(items, 'errors-menu')?.label).toBe('9 errors in the last hour');
    expect([7, 6, 5].map((id) => itemIn(items, `failure:${id}`)?.label?.replace(/^.*?  /, ''))).toEqual([
      'github, search: rate limit',
      'github, resources/list: connection lost',
      'github, search: tool error',
    ]);
    press(items, 'failure:6');
    press(items, 'errors');
    expect(vi.mocked(does.open).mock.calls).toEqual([
      ['/traffic?filter=status%3Aerror+since%3A1h&exchange=6'],
      ['/traffic?filter=status%3Aerror+since%3A1h'],
    ]);
  });

  test('a hostile error message is one short line', () => {
    const failures = [failed(1, { errorMessage: `a\n\u202e${'&'.repeat(300)}` })];
    const text = itemIn(trayMenu(state({ view: { failures } }), actions()), 'failure:1')?.label ?? '';
    expect(text).not.toMatch(/[\n\u202e]/);
    expect(text.replaceAll('&&', '&').length).toBeLessThanOrEqual(64);
  });

  test('open findings and firing alerts are said; settled, minor and pending ones are not', () => {
    const does = actions();
    const items = trayMenu(
      state({
        view: {
          status: status({ trafficStore: 'disk full' }),
          findings: [
            finding(),
            finding({ id: 'f2', level: 'notice' }),
            finding({ id: 'f3', state: 'accepted' }),
          ],
          alerts: [alert(), alert({ rule: 'x', state: 'pending' }), alert({ rule: 'y', state: 'resolved' })],
        },
      }),
      does,
    );
    expect(read(items).slice(1, 4)).toEqual([
      'Traffic is not recorded as it should be',
      '1 config change to look at',
      'Slow answers: github',
    ]);
    for (const id of ['traffic-store', 'findings', 'alert:slow:github:']) press(items, id);
    expect(vi.mocked(does.open).mock.calls).toEqual([['/settings'], ['/clients'], ['/latency']]);
  });
});

describe('the update item', () => {
  const shown = (update: UpdateState): [string, boolean] | undefined => {
    const item = itemIn(trayMenu(state({ update }), actions()), 'update');
    return item && [item.label ?? '', item.enabled !== false];
  };

  test.each<[UpdateState, [string, boolean] | undefined]>([
    [{ phase: 'unsupported', reason: 'x' }, undefined],
    [{ phase: 'idle', checkedAt: null }, ['Check for Updates', true]],
    [{ phase: 'checking' }, ['Looking for a New Version…', false]],
    [{ phase: 'available', version: '2.0.0' }, ['Download Version 2.0.0', true]],
    [{ phase: 'downloading', version: '2.0.0', percent: 40 }, ['Downloading Version 2.0.0 (40%)', false]],
    [{ phase: 'ready', version: '2.0.0' }, ['Restart to Install Version 2.0.0', true]],
    [{ phase: 'failed', message: 'no route' }, ['Updating Failed, Try Again', true]],
  ])('%j', (update, expected) => expect(shown(update)).toEqual(expected));

  test('does what it says', () => {
    const does = actions();
    for (const update of [
      { phase: 'idle', checkedAt: null },
      { phase: 'available', version: '2' },
      { phase: 'ready', version: '2' },
    ] as const)
      press(trayMenu(state({ update }), does), 'update');
    expect([
      vi.mocked(does.checkForUpdate).mock.calls.length,
      vi.mocked(does.downloadUpdate).mock.calls.length,
      vi.mocked(does.installUpdate).mock.calls.length,
    ]).toEqual([1, 1, 1]);
  });
});
