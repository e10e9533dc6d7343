import { expect, it } from 'vitest';
import {
  draftOf,
  readDraft,
  type ServerDraft,
} from '../../../../renderer/features/servers/server-change-draft.ts';
import {
  judgeTools,
  ownNames,
  toolNamesIn,
  withHidden,
} from '../../../../renderer/features/servers/seen-tools.ts';
import { ServerChange } from '../../../../shared/model/server-change.ts';

const settings: ServerChange = {
  enabled: true,
  isolation: 'shared',
  timeout: 30_000,
  idleTimeout: 0,
  warm: 1,
  memoryLimit: 536_870_912,
  tools: { allow: ['create_*'], deny: ['delete_all'], rename: { create_issue: 'new_issue' }, note: 'kept' },
};
const edited = (change: Partial<ServerDraft>, from: ServerChange = settings) =>
  readDraft({ ...draftOf(from), ...change }, from);

it('writes settings as the command line takes them', () => {
  expect(draftOf(settings)).toEqual({
    isolation: 'shared',
    holdChangedTools: false,
    timeout: '30s',
    startTimeout: '',
    idleTimeout: '0ms',
    warm: '1',
    copies: '',
    concurrency: '',
    memoryLimit: '512mb',
    allow: 'create_*',
    deny: 'delete_all',
    rename: { create_issue: 'new_issue' },
  });
});

it.each([settings, {}, { tools: { allow: [] } }])('changes nothing that nobody touched (%#)', (from) => {
  expect(readDraft(draftOf(from), from)).toEqual({ change: {}, problems: new Set() });
});

it('brings the default back where a field was emptied', () => {
  const { change } = edited({ isolation: '', timeout: ' ', warm: '', memoryLimit: '' });
  expect(change).toEqual({ isolation: null, timeout: null, warm: null, memoryLimit: null });
  expect(ServerChange.safeParse(change).success).toBe(true);
});

it('sends only what was changed', () => {
  expect(edited({ startTimeout: '2m', copies: '4' }).change).toEqual({ startTimeout: 120_000, copies: 4 });
});

it.each([
  [{ timeout: '0' }, 'timeout'],
  [{ timeout: 'soon' }, 'timeout'],
  [{ warm: '9' }, 'warm'],
  [{ warm: '1.5' }, 'warm'],
  [{ copies: '0' }, 'copies'],
  [{ concurrency: '2000' }, 'concurrency'],
  [{ memoryLimit: '5 bananas' }, 'memoryLimit'],
  [{ rename: { a: 'x', b: 'x' } }, 'rename'],
] as const)('refuses %j', (change, field) => {
  const read = edited(change);
  expect(read.problems).toEqual(new Set([field]));
  expect(read.change).toEqual({});
});

it('keeps what it does not know of the tool rules', () => {
  expect(edited({ deny: '', rename: { create_issue: '' } }).change.tools).toEqual({
    allow: ['create_*'],
    note: 'kept',
  });
});

it('takes the rules out when the last one goes', () => {
  const from: ServerChange = { tools: { deny: ['a'] } };
  expect(edited({ deny: '\n ' }, from).change).toEqual({ tools: null });
});

it('reads names out of a recorded answer only', () => {
  expect(
    toolNamesIn('{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"},{"name":"b","x":1}]}}'),
  ).toEqual(['a', 'b']);
  expect(toolNamesIn('{"jsonrpc":"2.0","id":1,"result":{"tools":[{"na')).toBeNull();
  expect(toolNamesIn('{"error":{"code":1}}')).toBeNull();
});

it('names tools as the server does, hidden ones too', () => {
  expect(ownNames(['new_issue', 'search'], settings.tools!)).toEqual([
    'create_issue',
    'delete_all',
    'search',
  ]);
});

it('tells whether one click can show a tool again', () => {
  expect(
    judgeTools(['create_a', 'delete_all', 'search'], {
      allow: ['create_*', 'delete_*'],
      deny: ['delete_all'],
    }),
  ).toEqual([
    { name: 'create_a', isShown: true, isOwnRule: true },
    { name: 'delete_all', isShown: false, isOwnRule: true },
    { name: 'search', isShown: false, isOwnRule: false },
  ]);
  expect(withHidden('a\nb', 'b', false)).toBe('a');
  expect(withHidden('a', 'b', true)).toBe('a\nb');
  expect(withHidden('a', 'a', true)).toBe('a');
});
