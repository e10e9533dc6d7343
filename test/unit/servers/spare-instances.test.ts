import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSpareInstances, type SpareInstances } from '../../../electron/hub/servers/spare-instances.ts';
import type { Launch } from '../../../electron/hub/supervisor/spawn-server.ts';

let started: string[];
let stopped: string[];
let fails: boolean;
let spares: SpareInstances<string>;

beforeEach(() => {
  vi.useFakeTimers();
  started = [];
  stopped = [];
  fails = false;
  spares = createSpareInstances<string>({
    async start(server, { cwd }) {
      const name = `${server} ${cwd} ${started.length}`;
      started.push(name);
      if (fails) throw new Error('no such program');
      return name;
    },
    stop: (spare) => void stopped.push(spare),
  });
});
afterEach(() => vi.useRealTimers());

const launch = (cwd = '/a', env: Record<string, string> = { A: '1', B: '2' }): Launch => ({
  command: 'x',
  args: ['y'],
  cwd,
  env,
});
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('spare instances', () => {
  it('hands each out once, and to exactly its launch only', async () => {
    spares.keep('s', launch(), 2);
    await settle();
    expect(spares.take('s', launch('/b'))).toBeNull();
    expect(spares.take('t', launch())).toBeNull();
    expect(spares.take('s', launch('/a', { A: '1' }))).toBeNull();
    expect(spares.take('s', launch('/a', { B: '2', A: '1' }))).toBe('s /a 0');
    expect(spares.take('s', launch())).toBe('s /a 1');
    expect(spares.take('s', launch())).toBeNull();
  });

  it('replaces what was taken when it is asked to keep more, not before', async () => {
    spares.keep('s', launch(), 1);
    await settle();
    spares.take('s', launch());
    await settle();
    expect(started).toHaveLength(1);
    spares.keep('s', launch(), 1);
    spares.keep('s', launch(), 1);
    await settle();
    expect(started).toHaveLength(2);
  });

  it('starts none for a launch that holds what belongs to one session', async () => {
    spares.keep('s', { ...launch(), isPersonal: true }, 1);
    spares.keep('s', { ...launch(), workdir: '/w' }, 1);
    spares.keep('s', launch(), 0);
    await settle();
    expect(started).toEqual([]);
  });

  it('B04: does not start again what crashed or could not start', async () => {
    spares.keep('s', launch(), 1);
    await settle();
    spares.lost('s /a 0');
    fails = true;
    spares.keep('s', launch(), 1);
    await settle();
    expect(spares.take('s', launch())).toBeNull();
    expect(started).toHaveLength(2);
    fails = false;
    spares.keep('s', launch(), 1);
    await settle();
    expect(spares.take('s', launch())).toBe('s /a 2');
  });

  it('is bounded: the longest unused go first', async () => {
    for (let index = 0; index < 20; index += 1) spares.keep('s', launch(`/${index}`), 1);
    await settle();
    expect(started.length - stopped.length).toBe(16);
    expect(stopped[0]).toBe('s /0 0');
    expect(spares.take('s', launch('/19'))).toBe('s /19 19');
  });

  it('ends those of a changed definition, also those that are just starting', async () => {
    spares.keep('s', launch(), 1);
    spares.keep('t', launch(), 1);
    spares.drop('s');
    await settle();
    expect(stopped).toEqual(['s /a 0']);
    expect(spares.take('s', launch())).toBeNull();
    expect(spares.take('t', launch())).toBe('t /a 1');
  });

  it('ends what nobody has asked for in half an hour', async () => {
    spares.keep('s', launch(), 1);
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    expect(stopped).toEqual(['s /a 0']);
  });

  it('leaves nothing when it is closed', async () => {
    spares.keep('s', launch(), 2);
    await settle();
    spares.keep('t', launch(), 1);
    spares.close();
    await settle();
    expect(stopped.toSorted()).toEqual(started.toSorted());
    expect(vi.getTimerCount()).toBe(0);
  });
});
