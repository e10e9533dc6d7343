import { describe, expect, test } from 'vitest';
import { createEndpoints } from '../../../electron/hub/routes/endpoints.ts';
import { exposureOf } from '../../../shared/model/tool-exposure.ts';
import type { Profile, ServerDefinition } from '../../../shared/model/server.ts';

function open(servers: Record<string, ServerDefinition>, profiles: Record<string, Profile> = {}) {
  const state = { servers: new Map(Object.entries(servers)), profiles: new Map(Object.entries(profiles)) };
  const endpoints = createEndpoints({
    servers: () => state.servers,
    profiles: () => state.profiles,
    isBuiltIn: (name) => name === 'patchbay',
  });
  return { state, endpoints };
}

describe('tool rules', () => {
  test('deny wins over allow, and no allow means all', () => {
    const shown = exposureOf({ allow: ['read_*', 'list'], deny: ['read_secret*'] });
    expect(['read_file', 'read_secrets', 'list', 'lists', 'write'].map(shown)).toEqual([
      'read_file',
      null,
      'list',
      null,
      null,
    ]);
    expect(exposureOf({ deny: ['a'] })('b')).toBe('b');
    expect(exposureOf(undefined)('b')).toBe('b');
  });

  test('only * has a meaning in a pattern', () => {
    expect(exposureOf({ allow: ['a.b(c'] })('a.b(c')).toBe('a.b(c');
    expect(exposureOf({ allow: ['a.b'] })('axb')).toBeNull();
  });

  test('names such as constructor are names', () => {
    const shown = exposureOf({ rename: { constructor: 'made' } });
    expect(shown('constructor')).toBe('made');
    expect(shown('toString')).toBe('toString');
  });
});

describe('endpoints', () => {
  const servers = { b: { command: 'b' }, a: { command: 'a' }, off: { command: 'c', enabled: false } };

  test('all servers, in the order of the catalog, without those switched off', () => {
    const { endpoints, state } = open(servers);
    expect(endpoints.all().members()).toEqual(['b', 'a']);
    state.servers.delete('b');
    expect(endpoints.all().members()).toEqual(['a']);
    expect(endpoints.find('*')).toBe(endpoints.all());
  });

  test('a server by itself, also one that is switched off, and the hub’s own', () => {
    const { endpoints } = open(servers);
    expect(endpoints.server('off')?.members()).toEqual(['off']);
    expect(endpoints.server('patchbay')?.single).toBe('patchbay');
    expect(endpoints.server('none')).toBeNull();
    expect(endpoints.find('servers/a')).toBe(endpoints.server('a'));
    expect(endpoints.find('else/a')).toBeNull();
  });

  test('a profile keeps its own order and its own rules after those of the catalog', () => {
    const { endpoints, state } = open(
      { ...servers, a: { command: 'a', tools: { rename: { x: 'y' }, deny: ['z'] } } },
      {
        work: {
          servers: ['a', 'off', 'none', 'b', 'patchbay'],
          tools: { a: { allow: ['y', 'z'], rename: { y: 'w' } } },
          downstreamEra: 'legacy',
        },
      },
    );
    const work = endpoints.profile('work')!;
    expect(work.members()).toEqual(['a', 'b', 'patchbay']);
    expect(work.downstreamEra).toBe('legacy');
    expect([work.exposed('a', 'x'), work.exposed('a', 'z'), work.exposed('a', 'other')]).toEqual([
      { name: 'w' },
      null,
      null,
    ]);
    expect(work.exposed('b', 'x')).toEqual({ name: 'x' });
    expect(endpoints.all().exposed('a', 'x')).toEqual({ name: 'y' });
    state.profiles.set('work', {});
    expect(work.members()).toEqual(['b', 'a']);
    expect(work.downstreamEra).toBe('auto');
    expect(endpoints.profile('home')).toBeNull();
  });
});
