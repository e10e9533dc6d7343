import { describe, expect, test, vi } from 'vitest';
import type { SearchStep, UsageSample } from '../../../shared/model/exchange.ts';
import type { StderrLine } from '../../../shared/model/server.ts';
import { rejected, ServiceStage } from './service-stage.ts';

const stage = new ServiceStage();

describe('search', () => {
  const steps = async (filter: string, limit = 100): Promise<SearchStep[]> => {
    const found: SearchStep[] = [];
    for await (const step of stage.service.search({ filter, limit }, new AbortController().signal))
      found.push(step);
    return found;
  };

  test('brings what matches, and says at the end whether there is more', async () => {
    stage.start();
    stage.call(1);
    stage.call(2, 'other');
    stage.call(3);
    const found = await steps('tool:create*');
    expect(found.flatMap(({ exchanges }) => exchanges.map(({ id }) => id))).toEqual([3, 1]);
    expect(found.at(-1)).toMatchObject({ scanned: 1, end: { more: false } });
    expect((await steps('', 2)).at(-1)?.end).toEqual({ more: true });
    expect(await rejected(steps('foo:bar'))).toBe('FILTER_INVALID');
  });

  test('is taken back when its reader stops or its signal aborts', async () => {
    stage.start();
    stage.call(1);
    await stage.list();
    stage.store.hold(true);
    stage.store.sent.length = 0;
    const end = new AbortController();
    const aborted = stage.service.search({ filter: 'x', limit: 1 }, end.signal).next();
    await vi.waitFor(() => expect(stage.store.sent.at(-1)?.type).toBe('search'), { timeout: 10_000 });
    end.abort();
    expect((await aborted).done).toBe(true);
    expect(stage.store.sent.at(-1)).toMatchObject({ type: 'cancel' });
    stage.store.hold(false);
    expect((await stage.list()).length).toBe(1);
  });

  test('a histogram nobody waits for is taken back', async () => {
    stage.start();
    await stage.list();
    stage.store.hold(true);
    const end = new AbortController();
    const query = { filter: 'x', from: 0, until: stage.now, slices: 10 };
    const asked = stage.service.histogram(query, end.signal);
    await vi.waitFor(() => expect(stage.store.sent.at(-1)?.type).toBe('histogram'), { timeout: 10_000 });
    end.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect(stage.store.sent.at(-1)).toMatchObject({ type: 'cancel' });
    await expect(stage.service.histogram(query, end.signal)).rejects.toThrow('aborted');
    stage.store.hold(false);
  });
});

test('a histogram counts matches and failures over time', async () => {
  stage.start();
  stage.call(1);
  stage.now += 5_000;
  stage.call(2, 'x', { error: { code: 1, message: 'no' } });
  const slices = await stage.service.histogram({
    filter: '',
    from: stage.now - 9_000,
    until: stage.now + 1_000,
    slices: 5,
  });
  expect(slices.map(({ at, count, failed }) => [at - stage.now, count, failed])).toEqual([
    [-9_000, 0, 0],
    [-7_000, 0, 0],
    [-5_000, 1, 0],
    [-3_000, 0, 0],
    [-1_000, 1, 1],
  ]);
});

describe('annotations', () => {
  test('are told, changed and filtered by', async () => {
    stage.start();
    stage.call(1);
    stage.call(2);
    await stage.service.annotate(2, { bookmarked: true, note: 'look' });
    expect(await stage.service.annotations()).toEqual([
      { exchange: 2, bookmarked: true, note: 'look', at: stage.now },
    ]);
    expect([stage.annotationChanges, (await stage.list('is:bookmarked')).map(({ id }) => id)]).toEqual([
      1,
      [2],
    ]);
    expect(await rejected(stage.service.annotate(99, { bookmarked: true, note: null }))).toBe('NOT_FOUND');
    await stage.service.annotate(2, { bookmarked: false, note: null });
    expect([stage.annotationChanges, await stage.service.annotations()]).toEqual([2, []]);
  });

  test('a live view of what is bookmarked shows a call that is answered later', async () => {
    stage.start();
    stage.send('up', { id: 1, method: 'a' });
    const [waiting] = await stage.list();
    await stage.service.annotate(waiting!.id, { bookmarked: true, note: null });
    await stage.service.close();
    stage.start();
    const reading = stage.service.live('is:bookmarked', new AbortController().signal).next();
    await stage.service.annotate(waiting!.id, { bookmarked: true, note: 'again' });
    stage.call(2);
    await stage.list();
    await stage.service.close();
    // The new call is none of them.
    expect((await reading).done).toBe(true);
  });
});

describe('what happened around a call', () => {
  const notify = (method: string, params: object): void => stage.send('down', { method, params });
  const progress = (token: unknown): void =>
    notify('notifications/progress', { progressToken: token, progress: 1 });
  const idsOf = (rows: readonly { id: number }[]): number[] => rows.map(({ id }) => id);

  test('its messages, its neighbours, its like', async () => {
    stage.start();
    stage.call(1);
    notify('notifications/message', { level: 'info', data: 'before' });
    stage.now += 10;
    const at = performance.now();
    stage.send(
      'up',
      { id: 5, method: 'tools/call', params: { name: 'create_issue', _meta: { progressToken: 7 } } },
      at,
    );
    progress(7);
    progress('7');
    notify('notifications/message', { level: 'info', data: 'while it ran' });
    notify('notifications/tools/list_changed', {});
    stage.send('down', { id: 1, method: 'roots/list' });
    stage.send('up', { id: 1, result: { roots: [] } });
    stage.now += 20;
    stage.send('down', { id: 5, result: {} }, at + 20);
    stage.now += 2_000;
    notify('notifications/message', { level: 'info', data: 'after' });
    stage.call(6, 'other');
    const all = await stage.list();
    const target = all.find(({ rpcId }) => rpcId === '5')!;
    const context = await stage.service.context(target.id);
    expect(
      context.messages.map(({ exchange: { method }, body }) => [method, body?.text.includes('7')]),
    ).toEqual([
      ['notifications/progress', true],
      ['notifications/message', false],
      ['roots/list', false],
    ]);
    const own = all.filter(({ kind, id }) => kind === 'request' && id !== target.id);
    expect(idsOf(context.nearby)).toEqual(idsOf(own).toReversed());
    expect(context.sameTool.map(({ rpcId }) => rpcId)).toEqual(['1']);
    expect(await rejected(stage.service.context(999))).toBe('NOT_FOUND');
  });

  test('progress without a body is told by time', async () => {
    stage.start({ captureBodies: false });
    const at = performance.now();
    stage.send('up', { id: 5, method: 'tools/call', params: { name: 'x', _meta: { progressToken: 7 } } }, at);
    progress(8);
    stage.send('down', { id: 5, result: {} }, at + 20);
    const { messages } = await stage.service.context(1);
    expect(messages).toMatchObject([{ exchange: { method: 'notifications/progress' }, body: null }]);
  });

  test('what its instance wrote and used', async () => {
    stage.start();
    const line = (ago: number, text: string, instanceId = 'i1'): StderrLine => ({
      at: stage.now - ago,
      instanceId,
      text,
    });
    const reading = (ago: number): UsageSample => ({ at: stage.now - ago, rssBytes: ago, cpuPercent: 1 });
    stage.stderr = [line(1_001, 'too early'), line(900, 'early'), line(0, 'now'), line(0, 'other', 'i2')];
    stage.usage = [reading(4_000), reading(2_000), reading(-2), reading(-9_000), reading(-11_000)];
    stage.call(1);
    const context = await stage.service.context((await stage.list())[0]!.id);
    expect(context.stderr.map(({ text }) => text)).toEqual(['early', 'now']);
    expect(context.usage.map(({ rssBytes }) => rssBytes)).toEqual([2_000, -2, -9_000]);
  });
});
