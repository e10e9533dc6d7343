import { expect, it } from 'vitest';
import { authorInWords, changeInWords, sidesOf } from '../../../renderer/features/clients/version-words.ts';
import type { ConfigChange } from '../../../shared/model/config-version.ts';

const change = (more: Partial<ConfigChange> = {}): ConfigChange => ({
  servers: [],
  moreServers: 0,
  otherKeys: { added: 0, removed: 0, changed: 0 },
  ...more,
});

it('says who made a version', () => {
  expect(authorInWords({ kind: 'patchbay', action: 'migration', migration: 'm' })).toBe(
    'Patchbay, migration',
  );
  expect(authorInWords({ kind: 'client', client: 'claude-code', evidence: 'lock' })).toBe('Claude Code');
  expect(authorInWords({ kind: 'someone' })).toBe('Somebody, or another program');
});

it('says what changed, servers first', () => {
  expect(changeInWords(null)).toBeNull();
  expect(changeInWords(change())).toBe('spaces or order only');
  expect(
    changeInWords(
      change({
        servers: [
          { name: 'github', scope: 'user', change: 'changed', fields: ['command', 'args'] },
          { name: 'a\nb', scope: 'user', change: 'removed', fields: [] },
        ],
        moreServers: 2,
        otherKeys: { added: 1, removed: 0, changed: 2 },
      }),
    ),
  ).toBe('github changed (command, args), a… removed, 2 more servers, and 3 other settings');
});

it('compares the older with the newer, whichever was chosen first', () => {
  const versions = [{ id: '9' }, { id: '5' }, { id: '2' }];
  expect(sidesOf('9', 'before', versions)).toEqual({ from: '5', to: '9' });
  expect(sidesOf('2', 'before', versions)).toBeNull();
  expect(sidesOf('5', 'now', versions)).toEqual({ from: '5' });
  expect(sidesOf('2', '9', versions)).toEqual({ from: '2', to: '9' });
  expect(sidesOf('9', '2', versions)).toEqual({ from: '2', to: '9' });
  expect(sidesOf('9', '4', versions)).toBeNull();
});
