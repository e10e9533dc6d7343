import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasBypassNote } from '../../../electron/hub/witness/bypass-note.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const note = (pid: number, content: object | string): void =>
  writeFileSync(
    path.join(folder, `${pid}.json`),
    typeof content === 'string' ? content : JSON.stringify(content),
  );

it('finds the note this very shim has left', async () => {
  note(7, { at: 1_000, client: 'claude-code', server: 'x', reason: 'no hub answered within 2 s', pid: 7 });
  expect(await hasBypassNote(folder, 7, 900)).toBe(true);
});

it('does not take other notes for it', async () => {
  note(7, { at: 800, pid: 7 });
  note(8, { at: 1_000, pid: 7 });
  note(9, '{"at":');
  for (const pid of [7, 8, 9, 10]) expect(await hasBypassNote(folder, pid, 900)).toBe(false);
  expect(await hasBypassNote(path.join(folder, 'missing'), 7, 900)).toBe(false);
});
