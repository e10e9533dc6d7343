import { beforeEach, expect, test, vi } from 'vitest';
import type { HubApi } from '../../../electron/hub/api/hub-link.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import { NOTHING_KNOWN } from '../../../electron/main/hub-follower.ts';
import { messagesIn } from '../../../electron/main/messages/messages.ts';
import { createRepair } from '../../../electron/main/repair.ts';
import type { Notice, Question } from '../../../electron/main/routing-words.ts';
import type { ConfigWrite } from '../../../shared/model/config-version.ts';
import type { Finding } from '../../../shared/model/guardian.ts';
import { PatchbayError } from '../../../shared/model/error.ts';

const finding = (id: string, more: Partial<Finding> = {}): Finding =>
  ({
    id,
    kind: 'shim-missing',
    client: 'claude-code',
    state: 'open',
    actions: ['merge-back'],
    ...more,
  }) as Finding;

let refusal: ConfigWrite['refusal'];
let answer: number;
let asked: Question[];
let told: Notice[];
let findings: Finding[];
const review = vi.fn();
const mergeBack = vi.fn(
  ({
    id,
    dryRun = false,
  }: {
    id: string;
    dryRun?: boolean;
    expected?: string | null;
  }): Promise<ConfigWrite> =>
    Promise.resolve({
      path: `/${id}.json`,
      client: 'claude-code',
      dryRun,
      result: 'changed',
      sha256Before: `sha-${id}`,
      sha256After: 'new',
      diff: '--- a\n+++ b\n-old\n+new',
      undo: null,
      notes: [],
      ...(refusal ? { refusal } : {}),
    }),
);
const open = () =>
  createRepair({
    hub: {
      client: { guardian: { mergeBack } } as unknown as HubApi,
      get view() {
        return { ...NOTHING_KNOWN, findings };
      },
    },
    conversation: {
      ask(question) {
        asked.push(question);
        return Promise.resolve(answer);
      },
      tell: (notice) => void told.push(notice),
    },
    review,
    logger: silentLogger,
    text: () => messagesIn('en'),
  });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  vi.clearAllMocks();
  refusal = undefined;
  answer = 0;
  asked = [];
  told = [];
  findings = [finding('one'), finding('two'), finding('other', { kind: 'wiped' })];
});

test('asks once for all, showing what would change, and writes only over what was shown', async () => {
  const repair = open();
  repair.look();
  repair.look();
  await settled();
  repair.look();
  await settled();
  expect(asked).toHaveLength(1);
  expect(asked[0]?.detail).toContain('/one.json\n    +1 −1 lines\n/two.json');
  expect(mergeBack.mock.calls.map(([input]) => input)).toEqual([
    { id: 'one', dryRun: true },
    { id: 'two', dryRun: true },
    { id: 'one', expected: 'sha-one' },
    { id: 'two', expected: 'sha-two' },
  ]);
  expect(told).toMatchObject([{ kind: 'info' }]);
});

test('declined, nothing is written and nothing is asked again', async () => {
  answer = 2;
  const repair = open();
  repair.look();
  await settled();
  repair.look();
  await settled();
  expect([asked.length, mergeBack.mock.calls.filter(([{ dryRun }]) => !dryRun).length]).toEqual([1, 0]);
});

test('the review leads to the window', async () => {
  answer = 1;
  open().look();
  await settled();
  expect(review).toHaveBeenCalledOnce();
});

test('a file that cannot be written now is named with the reason and left alone', async () => {
  refusal = { code: 'CLIENT_RUNNING', message: 'Claude Desktop runs.', hint: 'Quit it.' };
  open().look();
  await settled();
  expect(asked[0]).toMatchObject({
    detail: expect.stringContaining('Left alone: /one.json. Claude Desktop runs. Quit it.'),
    buttons: ['OK', 'Review the Changes…', 'Not Now'],
  });
  expect(mergeBack.mock.calls.every(([{ dryRun }]) => dryRun)).toBe(true);
  expect(told).toMatchObject([{ kind: 'problem' }]);
});

test('a failure is told', async () => {
  mergeBack.mockRejectedValueOnce(new PatchbayError('CONFIG_CHANGED', 'It was changed meanwhile.'));
  open().look();
  await settled();
  expect(told).toEqual([
    { kind: 'problem', title: 'Entries could not be repaired', body: 'It was changed meanwhile.' },
  ]);
});

test('without such a finding nothing happens', async () => {
  findings = [finding('x', { kind: 'edited' }), finding('y', { actions: [] })];
  open().look();
  await settled();
  expect([asked, told]).toEqual([[], []]);
});
