import { expect, it } from 'vitest';
import { listTools, measureLatency } from '../../../electron/hub/witness/list-tools.ts';
import { answering } from './wire.ts';

const minute = (): number => 60_000;
const tools = (...names: string[]): object[] =>
  names.map((name) => ({ name, inputSchema: { type: 'object' } }));

it('goes through every page and hashes every definition', async () => {
  const pages: Record<string, object> = {
    start: { tools: tools('a', 'b'), nextCursor: 'two' },
    two: { tools: [], nextCursor: 'three' },
    three: { tools: tools('c') },
  };
  const { client, sent } = answering(({ params }) => ({ result: pages[params?.cursor ?? 'start'] }));
  expect([...(await listTools(client, minute)).keys()]).toEqual(['a', 'b', 'c']);
  expect(sent.map(({ params }) => params)).toEqual([{}, { cursor: 'two' }, { cursor: 'three' }]);
});

it('sees when one of two definitions with one name changes', async () => {
  const list = async (...definitions: object[]): Promise<string | undefined> =>
    (await listTools(answering(() => ({ result: { tools: definitions } })).client, minute)).get('a');
  const twice = await list({ name: 'a', v: 1 }, { name: 'a', v: 2 });
  expect(await list({ name: 'a', v: 1 }, { name: 'a', v: 3 })).not.toBe(twice);
  expect(await list({ name: 'a', v: 3 }, { name: 'a', v: 2 })).not.toBe(twice);
});

it('has no tools where the server does not know the method, but passes other errors on', async () => {
  const without = answering(() => ({ error: { code: -32601, message: 'unknown' } }));
  expect(await listTools(without.client, minute)).toEqual(new Map());
  const broken = answering(() => ({ error: { code: -32603, message: 'broken' } }));
  await expect(listTools(broken.client, minute)).rejects.toThrow('broken');
});

it.each([{}, { tools: {} }, { tools: [{}] }, { tools: ['a'] }, { tools: [null] }, 'text'])(
  'refuses %j',
  async (result) => {
    await expect(listTools(answering(() => ({ result })).client, minute)).rejects.toThrow(
      'not a list of tools',
    );
  },
);

it('B26: ends lists without end', async () => {
  let page = 0;
  const endless = answering(() => ({ result: { tools: [], nextCursor: String(page++) } }));
  await expect(listTools(endless.client, minute)).rejects.toThrow('more than 100 pages');
  expect(page).toBe(100);
  const circular = answering(() => ({ result: { tools: [], nextCursor: 'same' } }));
  await expect(listTools(circular.client, minute)).rejects.toThrow('comes back to the same page');
  const names = Array.from({ length: 10_001 }, (_, index) => `tool-${index}`);
  const vast = answering(() => ({ result: { tools: tools(...names) } }));
  await expect(listTools(vast.client, minute)).rejects.toThrow('more than 10000 tools');
});

it('gives the median of warm calls: the first ten do not count', async () => {
  let time = 0;
  const { client, sent } = answering(() => {
    time += sent.length <= 10 ? 40 : sent.length === 31 ? 100 : 5;
    return { result: {} };
  });
  expect(await measureLatency(client, minute, () => time)).toBe(5);
  expect(sent).toHaveLength(31);
});

it('asks a slow server three times, cold or not', async () => {
  let time = 0;
  const { client, sent } = answering(() => {
    time += 600;
    return { result: {} };
  });
  expect(await measureLatency(client, minute, () => time)).toBe(600);
  expect(sent).toHaveLength(4);
});

it('gives the median of the calls there were, null for none', async () => {
  let calls = 0;
  let time = 0;
  const { client } = answering(() => {
    time += 300;
    return calls++ < 4 ? { result: {} } : { error: { code: -1, message: 'busy' } };
  });
  expect(await measureLatency(client, minute, () => time)).toBe(300);
  expect(await measureLatency(client, minute, () => time)).toBeNull();
});
