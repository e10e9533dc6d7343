import { ORPCError } from '@orpc/client';
import { beforeEach, describe, expect, type Mock, test, vi } from 'vitest';
import type { HubApi } from '../../../electron/hub/api/hub-link.ts';
import { NOTHING_KNOWN } from '../../../electron/main/hub-follower.ts';
import { messagesIn } from '../../../electron/main/messages/messages.ts';
import { createRouting, type Routing } from '../../../electron/main/routing.ts';
import type { Notice, Question } from '../../../electron/main/routing-words.ts';
import type { Language } from '../../../shared/language/language.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import type { MigrationResult, Plan, PlanFile, RollbackFile } from '../../../shared/model/migration.ts';

vi.mock('electron', () => ({}));

const planFile = (more: Partial<PlanFile> = {}): PlanFile => ({
  path: '/home/me/.claude.json',
  client: 'claude-code',
  scope: 'user',
  diff: '--- a\n+++ b\n@@\n-  "npx"\n+  "node",\n+  "shim"\n',
  entries: [
    { name: 'github', scope: 'user', action: 'move', server: 'github' },
    { name: 'figma', scope: 'user', action: 'leave', reason: 'It is remote and holds its own login.' },
  ],
  warnings: [],
  sha256: 'sha-1',
  ...more,
});
const refused = planFile({
  path: '/home/me/claude_desktop_config.json',
  client: 'claude-desktop',
  sha256: 'sha-2',
  refusal: { code: 'CLIENT_RUNNING', message: 'Claude Desktop is running.', hint: 'Quit it first.' },
});
const applied: MigrationResult = { id: '1', state: 'applied', files: [], parity: [], notes: [] };
const rollbackFile = (result: RollbackFile['result']): RollbackFile => ({
  path: '/home/me/.claude.json',
  client: 'claude-code',
  migration: '1',
  result,
  sha256: null,
  diff: '',
});

let plan: Plan;
let result: MigrationResult;
let files: RollbackFile[];
let answer: number;
let language: Language;
let asked: Question[];
let told: Notice[];
let review: Mock<(clients: ClientId[]) => void>;
let routing: Routing;
const migration = {
  plan: vi.fn<(input: object) => Promise<Plan>>(async () => plan),
  apply: vi.fn<(input: object) => Promise<AsyncGenerator<unknown>>>(async () =>
    (async function* () {
      yield { type: 'step', step: 'write', state: 'finished', detail: '' };
      yield { type: 'result', result };
    })(),
  ),
  rollback: vi.fn<(input: object) => Promise<{ files: RollbackFile[] }>>(async () => ({ files })),
};

beforeEach(() => {
  vi.clearAllMocks();
  plan = { files: [planFile()], servers: [] };
  result = applied;
  files = [rollbackFile('exact')];
  answer = 0;
  language = 'en';
  asked = [];
  told = [];
  review = vi.fn();
  routing = createRouting({
    hub: { client: { migration } as unknown as HubApi, view: NOTHING_KNOWN },
    conversation: {
      ask: async (question) => {
        asked.push(question);
        return answer;
      },
      tell: (notice) => void told.push(notice),
    },
    review,
    onChange: () => {},
    text: () => messagesIn(language),
  });
});

describe('routing a client', () => {
  test('asks with the size of the change first, then applies exactly the plan that was shown', async () => {
    await routing.route(['claude-code']);
    expect(asked).toEqual([
      {
        message: 'Route 1 server of claude-code through Patchbay?',
        detail:
          '/home/me/.claude.json\n    +2 −1 lines, 1 server\n\n' +
          'Every file is backed up first and can be put back byte for byte.',
        buttons: ['Route 1 Server', 'Review the Changes…', 'Cancel'],
      },
    ]);
    expect(migration.apply).toHaveBeenCalledWith({
      clients: ['claude-code'],
      expected: [{ path: '/home/me/.claude.json', sha256: 'sha-1' }],
    });
    expect(told).toMatchObject([{ kind: 'info', title: 'claude-code now runs through Patchbay' }]);
  });

  test.each([
    ['cancelled', 2, 0],
    ['sent to the review', 1, 1],
  ])('%s, nothing is written', async (_, button, reviews) => {
    answer = button;
    await routing.route(['claude-code']);
    expect(migration.apply).not.toHaveBeenCalled();
    expect(review).toHaveBeenCalledTimes(reviews);
  });

  test('C: a refused file is named, and its client is left out of the change', async () => {
    plan = { files: [planFile(), refused], servers: [] };
    await routing.route(['claude-code', 'claude-desktop']);
    expect(asked[0]?.detail).toContain(
      'Left alone: /home/me/claude_desktop_config.json. Claude Desktop is running.',
    );
    expect(migration.apply).toHaveBeenCalledWith({
      clients: ['claude-code'],
      expected: [{ path: '/home/me/.claude.json', sha256: 'sha-1' }],
    });
  });

  test('with nothing to write, says why and does not ask', async () => {
    plan = { files: [refused], servers: [] };
    await routing.route(['claude-desktop']);
    expect(asked).toEqual([]);
    expect(told).toMatchObject([
      { kind: 'problem', body: expect.stringContaining('Claude Desktop is running. Quit it first.') },
    ]);
  });

  test('a migration that was undone because tools were missing is told with its reasons', async () => {
    result = { ...applied, state: 'rolled-back', notes: ['github lost the tool create_issue.'] };
    await routing.route(['claude-code']);
    expect(told).toEqual([
      {
        kind: 'problem',
        title: 'claude-code was put back as it was',
        body: 'github lost the tool create_issue.',
      },
    ]);
  });

  test('the hub’s own error is shown with its hint', async () => {
    const data = { code: 'PLAN_STALE', message: 'The file changed.', hint: 'Look again.' };
    migration.apply.mockRejectedValueOnce(new ORPCError('PLAN_STALE', { data }));
    await routing.route(['claude-code']);
    expect(told).toEqual([
      {
        kind: 'problem',
        title: 'claude-code could not be routed',
        body: 'The file changed.\n\nLook again.',
      },
    ]);
  });

  test('long lists are cut', async () => {
    plan = {
      files: Array.from({ length: 20 }, (_, index) => planFile({ path: `/p${index}/.claude.json` })),
      servers: [],
    };
    answer = 2;
    await routing.route(['claude-code']);
    expect(asked[0]?.detail).toContain('… and 12 more');
  });

  test('a second change is not begun while one is under way', async () => {
    let proceed = (): void => {};
    migration.plan.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => (proceed = resolve));
      return plan;
    });
    const first = routing.route(['claude-code']);
    expect(routing.isBusy).toBe(true);
    await routing.route(['claude-code']);
    await routing.rollBack();
    expect(migration.plan).toHaveBeenCalledOnce();
    expect(migration.rollback).not.toHaveBeenCalled();
    proceed();
    await first;
    expect(routing.isBusy).toBe(false);
  });
});

test('everything is asked and told in the language of the moment', async () => {
  language = 'de';
  await routing.route(['claude-code', 'claude-desktop']);
  expect(asked).toEqual([
    {
      message: '1 Server von claude-code und claude-desktop über Patchbay leiten?',
      detail:
        '/home/me/.claude.json\n    +2 −1 Zeilen, 1 Server\n\n' +
        'Von jeder Datei wird zuvor eine Kopie aufbewahrt; sie lässt sich Byte für Byte wiederherstellen.',
      buttons: ['1 Server umleiten', 'Änderungen durchsehen…', 'Abbrechen'],
    },
  ]);
  await routing.rollBack();
  expect(asked[1]).toMatchObject({
    message: 'Konfiguration von allen Clients wiederherstellen?',
    buttons: ['Zurückrollen', 'Abbrechen'],
  });
  language = 'en';
  await routing.rollBack(['claude-code']);
  expect(told.map(({ title }) => title)).toEqual([
    'Die Server von claude-code und claude-desktop laufen jetzt über Patchbay',
    'Die Konfiguration von allen Clients ist wie zuvor',
    'The configuration of claude-code is as it was',
  ]);
});

describe('rolling back', () => {
  test('looks first, asks, then does it', async () => {
    await routing.rollBack(['claude-code']);
    expect(asked).toMatchObject([
      { message: 'Put back the configuration of claude-code?', buttons: ['Roll Back', 'Cancel'] },
    ]);
    expect(migration.rollback.mock.calls).toEqual([
      [{ clients: ['claude-code'], dryRun: true }],
      [{ clients: ['claude-code'], dryRun: false }],
    ]);
    expect(told).toMatchObject([{ kind: 'info', title: 'The configuration of claude-code is as it was' }]);
  });

  test('cancelled, only the dry run was made', async () => {
    answer = 1;
    await routing.rollBack();
    expect(migration.rollback.mock.calls).toEqual([[{ dryRun: true }]]);
  });

  test('a conflict is a problem and named', async () => {
    files = [{ ...rollbackFile('conflict'), message: 'The entry was edited by hand.' }];
    await routing.rollBack(['claude-code']);
    expect([asked, told]).toMatchObject([
      [],
      [{ kind: 'problem', body: '/home/me/.claude.json: The entry was edited by hand.' }],
    ]);
  });

  test('with nothing of ours anywhere, says so', async () => {
    files = [rollbackFile('unchanged')];
    await routing.rollBack();
    expect(told).toMatchObject([{ kind: 'info', title: 'Nothing to put back for all clients' }]);
  });
});
