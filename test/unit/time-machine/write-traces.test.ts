import { describe, expect, it } from 'vitest';
import type { ConfigFile } from '../../../electron/hub/clients/client-adapter.ts';
import { authorByTraces } from '../../../electron/hub/time-machine/write-traces.ts';

const FILE: ConfigFile = {
  path: '/home/ada/.claude.json',
  client: 'claude-code',
  clientLock: '/home/ada/.claude.json.lock',
  mustNotRun: false,
};
const author = (...names: string[]) =>
  authorByTraces(
    FILE,
    '/home/ada/dotfiles/claude.json',
    names.map((name) => ({ name, at: 0 })),
  );

describe('who wrote, by the names on the way', () => {
  it('knows Claude Code by its temporary file, with the pid, and by its lock', () => {
    const byFile = { kind: 'client', client: 'claude-code', evidence: 'temporary-file', pid: 4711 };
    expect(author('.claude.json.lock', '.claude.json.tmp.4711.9f3a01', '.claude.json')).toEqual(byFile);
    expect(author('claude.json.tmp.4711.9f3a01')).toEqual(byFile);
    expect(author('.claude.json.lock')).toEqual({ kind: 'client', client: 'claude-code', evidence: 'lock' });
  });

  it('knows us by ours, though we take the same lock, and the script of a backup', () => {
    expect(author('.claude.json.lock', '..claude.json.patchbay-00ff.tmp')).toEqual({
      kind: 'patchbay',
      action: 'write',
    });
    expect(author('.claude.json.patchbay-restore')).toEqual({ kind: 'patchbay', action: 'restore' });
  });

  it('believes the last one that was moved into place', () => {
    expect(author('..claude.json.patchbay-00ff.tmp', '.claude.json.tmp.1.a')).toMatchObject({
      kind: 'client',
    });
    expect(author('.claude.json.tmp.1.a', '..claude.json.patchbay-00ff.tmp')).toMatchObject({
      kind: 'patchbay',
    });
  });

  it('knows nobody by other names', () => {
    expect(author()).toBeNull();
    expect(
      author('.claude.json~', '.claude.json.swp', '4913', '.claude.json.tmp', 'x.claude.json.lock'),
    ).toBeNull();
  });
});
