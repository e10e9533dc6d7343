import { expect, it, vi } from 'vitest';
import { exportName, fetchExport } from '../../../renderer/features/traffic/export-file.ts';
import { headersOf } from '../../../renderer/features/traffic/read-headers.ts';
import { scriptedClient } from './scripted-hub.ts';

const hubWith = (pieces: readonly { text: string; count: number }[]) => {
  const asked = vi.fn(async (_input: unknown) =>
    (async function* () {
      yield* pieces;
    })(),
  );
  return { asked, client: scriptedClient({ traffic: { export: asked } }) };
};

it('puts the pieces of an export together and tells how many exchanges came', async () => {
  const { client, asked } = hubWith([
    { text: 'a\n', count: 1 },
    { text: 'b\n', count: 2 },
    { text: '', count: 2 },
  ]);
  const counts: number[] = [];
  const options = { filter: 'tool:x', format: 'jsonl' as const, signal: new AbortController().signal };
  const { file, count } = await fetchExport(client, { ...options, onProgress: (done) => counts.push(done) });
  expect([await file.text(), file.type, count]).toEqual(['a\nb\n', 'application/x-ndjson', 2]);
  expect(counts).toEqual([1, 2, 2]);
  expect(asked.mock.calls[0]![0]).toMatchObject({ filter: 'tool:x', format: 'jsonl' });
});

it('gives no file once it was cancelled', async () => {
  const { client } = hubWith([
    { text: 'a', count: 1 },
    { text: 'b', count: 2 },
  ]);
  const abort = new AbortController();
  const options = { filter: '', format: 'csv' as const, signal: abort.signal };
  await expect(fetchExport(client, { ...options, onProgress: () => abort.abort() })).rejects.toThrow();
});

it('names files so that every system takes the name', () => {
  expect(exportName('otlp', Date.UTC(2026, 10, 21, 10, 15, 7))).toBe(
    'patchbay-2026-11-21T10-15-07.otlp.json',
  );
});

it('reads headers one per line and says which line is none', () => {
  expect(headersOf('authorization: Bearer a:b\n\n x-team :  blue \n')).toEqual({
    headers: { authorization: 'Bearer a:b', 'x-team': 'blue' },
    wrongLine: null,
  });
  expect(headersOf('a: 1\nno header').wrongLine).toBe(2);
  expect(headersOf('bad name: x').wrongLine).toBe(1);
  expect(headersOf('a: caf\u00e9').wrongLine).toBe(1);
  expect(headersOf('').wrongLine).toBeNull();
});
