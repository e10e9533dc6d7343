import { afterEach, expect, it, vi } from 'vitest';
import { HubData } from '../../../renderer/lib/hub-data.ts';
import type { HubTopic } from '../../../shared/model/hub.ts';
import { scriptedClient, scriptedLink, settle, stream } from './scripted-hub.ts';

const open: HubData[] = [];
afterEach(() => {
  for (const data of open.splice(0)) data.dispose();
});

function setUp() {
  const state: { watch?: ReturnType<typeof stream<{ topic: HubTopic }>> } = {};
  const list = vi.fn(() => Promise.resolve<unknown>([]));
  const history = vi.fn(() => Promise.resolve([]));
  const client = scriptedClient({
    hub: {
      status: () => Promise.resolve({}),
      watch: (_: unknown, { signal }: { signal: AbortSignal }) => {
        state.watch = stream(signal);
        return Promise.resolve(state.watch);
      },
    },
    servers: { list },
    migration: { history },
  });
  const link = scriptedLink({ phase: 'connected', client });
  const data = new HubData(link);
  open.push(data);
  return { state, list, history, link, data, client };
}

it('asks for what somebody looks at, and again when the hub says that it changed', async () => {
  const { state, list, history, data } = setUp();
  const listener = vi.fn();
  data.subscribe('servers', listener);
  await settle();
  expect(list).toHaveBeenCalledTimes(1);
  expect(data.read('servers')).toEqual({ data: [], error: null });
  state.watch!.push({ topic: 'servers' }, { topic: 'history' });
  await settle();
  expect(list).toHaveBeenCalledTimes(2);
  expect(history).not.toHaveBeenCalled();
  expect(listener).toHaveBeenCalledTimes(2);
});

it('asks once more, not once per change, when changes come during a call', async () => {
  const { list, data } = setUp();
  let answer: (value: unknown) => void = () => {};
  list.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  data.subscribe('servers', () => {});
  data.refresh('servers');
  data.refresh('servers');
  data.refresh('servers');
  expect(list).toHaveBeenCalledTimes(1);
  answer([]);
  await settle();
  expect(list).toHaveBeenCalledTimes(2);
});

it('keeps the last data beside an error, and through a lost connection', async () => {
  const { list, data, link, client } = setUp();
  data.subscribe('servers', () => {});
  await settle();
  list.mockRejectedValueOnce(new Error('busy'));
  data.refresh('servers');
  await settle();
  expect(data.read('servers')).toEqual({ data: [], error: { code: 'INTERNAL', message: 'busy' } });
  link.set({ phase: 'lost' });
  expect(data.read('servers').data).toEqual([]);
  data.refresh('servers');
  expect(list).toHaveBeenCalledTimes(2);
  link.set({ phase: 'connected', client });
  data.refresh('servers');
  await settle();
  expect(data.read('servers').error).toBeNull();
});

it('does not show an answer of a connection that is gone', async () => {
  const { list, data, link } = setUp();
  let answer: (value: unknown) => void = () => {};
  list.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  data.subscribe('servers', () => {});
  link.set({ phase: 'lost' });
  answer([{ name: 'late' }]);
  await settle();
  expect(data.read('servers').data).toBeNull();
});
