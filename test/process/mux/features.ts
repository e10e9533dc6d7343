import { expect, vi } from 'vitest';
import type { McpProbe, Outcome, ProbeOptions } from '../../support/mcp-probe.ts';
import type { Door } from './hub-world.ts';

/** Opens one more client of the kind under test. */
export type Open = (options?: ProbeOptions) => Promise<McpProbe>;

export interface Cell {
  client: string;
  era: 'modern' | 'legacy';
  server: string;
  /** Into the hub; null for the server itself. */
  door: Door | null;
  /** One process for all sessions. */
  isShared: boolean;
}

export interface Feature {
  check: (open: Open, cell: Cell) => Promise<void>;
  /** A server of one's own and a shared one do it in different ways. */
  dependsOnSharing?: true;
  /** Why the revision or the way cannot have it; null where it can. */
  without?: (cell: Cell) => string | null;
}

const MEBIBYTE = 1024 * 1024;
const ok = (text: string): Outcome => ({ text, isError: false, error: null });
const isHttp = (server: string): boolean => /http|sse/.test(server);
/** Two clients of one process: over HTTP always, else the hub's doing. */
const ofTwoClients = ({ server, isShared }: Cell): string | null =>
  isShared || isHttp(server) ? null : 'over stdio each client has a process, and its memory, of its own';

/**
 * The SDKs' clients lose the progress that comes in one piece with the answer, which a busy machine brings about: of
 * theirs only the order is looked at.
 */
function expectProgress<Item>(seen: readonly Item[], sent: readonly Item[], { client }: Cell): void {
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).toEqual(client.startsWith('raw') ? sent : sent.slice(0, seen.length));
}

/** `expect.poll` for tests that run at the same time. */
const until = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 10_000, interval: 10 });

/** A list that can be waited for to hold something. */
function inbox<Item>() {
  const items: Item[] = [];
  return { items, has: (item: Item) => until(() => expect(items).toContainEqual(item)) };
}

/** Every point of the correctness table, on the fixtures of test/fixtures/mcp. */
export const features: Readonly<Record<string, Feature>> = {
  'tools, prompts, resources and templates in their lists': {
    check: async (open) => {
      const probe = await open();
      expect(await probe.tools()).toEqual(expect.arrayContaining(['test_simple_text', 'probe_echo']));
      expect(await probe.prompts()).toContain('test_prompt_with_arguments');
      expect(await probe.resources()).toContain('test://static-text');
      expect(await probe.templates()).toEqual(['test://template/{id}/data']);
    },
  },
  'a prompt with arguments': {
    check: async (open) => {
      const text = await (await open()).prompt('test_prompt_with_arguments', { arg1: 'one', arg2: 'é' });
      expect(text).toBe("Prompt with arguments: arg1='one', arg2='é'");
    },
  },
  'a prompt that asks': {
    check: async (open) => {
      const elicitation = { action: 'accept' as const, content: { context: 'all of it' } };
      const probe = await open({ answers: { elicitation } });
      expect(await probe.prompt('test_input_required_result_prompt')).toBe('Use this context: all of it');
    },
  },
  'a resource by its URI and one of a template': {
    check: async (open) => {
      const probe = await open();
      expect(await probe.read('test://static-text')).toContain('static text resource');
      expect(await probe.read('test://template/7/data')).toContain('Data for ID: 7');
      await expect(probe.read('test://nowhere')).rejects.toMatchObject({ code: -32602 });
    },
  },
  'completion of a prompt and of a template': {
    check: async (open) => {
      const probe = await open();
      for (const of of [
        { prompt: 'test_prompt_with_arguments' },
        { template: 'test://template/{id}/data' },
      ]) {
        expect(await probe.complete(of, 'arg1', 'a')).toEqual(['a', 'a-more']);
      }
    },
  },

  progress: {
    check: async (open, cell) => {
      const probe = await open();
      const seen: number[] = [];
      const onProgress = ({ progress }: { progress: number }): void => void seen.push(progress);
      const { error } = await probe.call('test_tool_with_progress', {}, { onProgress });
      expect(error).toBeNull();
      expectProgress(seen, [0, 50, 100], cell);
    },
  },

  'progress that comes with the answer': {
    check: async (open) => {
      const probe = await open();
      const seen: number[] = [];
      const onProgress = ({ progress }: { progress: number }): void => void seen.push(progress);
      expect(await probe.call('probe_burst', {}, { onProgress })).toEqual(ok('done'));
      expect(seen).toEqual([1, 2, 3]);
    },
    without: ({ client }) =>
      client.startsWith('raw') ? null : 'the SDKs’ clients lose what comes in one piece with the answer',
  },

  'equal ids and equal progress tokens of two clients': {
    check: async (open, cell) => {
      const probes = await Promise.all([open(), open()]);
      const held = probes.map((probe, index) => {
        const key = `held ${index} ${Math.random()}`;
        const progress = inbox<string>();
        const onProgress = ({ message }: { message?: string }): void =>
          void progress.items.push(message ?? '');
        return { key, probe, progress, answer: probe.call('probe_hold', { key }, { onProgress }) };
      });
      for (const { progress, key } of held) await progress.has(key);
      // The other way round than they came, so that an answer by order would be the wrong one.
      for (const { key, answer, progress } of held.toReversed()) {
        expect(await probes[0]!.call('probe_release', { key })).toEqual(ok('true'));
        expect(await answer).toEqual(ok(key));
        expectProgress(progress.items, [key, key], cell);
      }
    },
    without: ofTwoClients,
  },

  'many calls at once, each with its own answer': {
    check: async (open) => {
      const probe = await open();
      const messages = Array.from({ length: 64 }, (_, index) => `message ${index}`);
      const outcomes = await Promise.all(messages.map((message) => probe.call('probe_echo', { message })));
      expect(outcomes).toEqual(messages.map(ok));
    },
  },
  'who the client is': {
    dependsOnSharing: true,
    check: async (open, { client, door, isShared }) => {
      const { name } = JSON.parse((await (await open()).call('probe_client')).text) as { name: string };
      const own = client.startsWith('raw') ? 'patchbay-raw' : 'patchbay-probe';
      // Shared, an older server is told once, for all: of the hub. A newer one is told with each request.
      expect(door !== null && isShared ? [own, 'patchbay'] : [own]).toContain(name);
    },
  },
  'cancel reaches the server': {
    dependsOnSharing: true,
    check: async (open) => {
      const probe = await open();
      const key = `cancelled ${Math.random()}`;
      const cancel = new AbortController();
      const progress = inbox<string>();
      const onProgress = ({ message }: { message?: string }): void => void progress.items.push(message ?? '');
      const answer = probe.call('probe_hold', { key }, { onProgress, signal: cancel.signal });
      await progress.has(key);
      cancel.abort();
      expect((await answer).error).not.toBeNull();
      await until(async () => expect((await probe.call('probe_cancelled')).text).toContain(key));
    },
  },

  'elicitation accepted': {
    dependsOnSharing: true,
    check: async (open) => {
      const probe = await open({ answers: { elicitation: { action: 'accept', content: { name: 'Ada' } } } });
      expect(await probe.call('test_input_required_result_elicitation')).toEqual(ok('Hello, Ada!'));
    },
  },
  'elicitation declined': {
    check: async (open) => {
      const probe = await open({ answers: { elicitation: { action: 'decline' } } });
      const { text } = await probe.call('test_elicitation', { message: 'Who are you?' });
      expect(text).toContain('action=decline');
    },
  },
  'two rounds of elicitation': {
    check: async (open) => {
      const content = { name: 'Ada', color: 'blue' };
      const probe = await open({ answers: { elicitation: { action: 'accept', content } } });
      expect(await probe.call('test_input_required_result_multi_round')).toEqual(ok('Ada likes blue.'));
    },
  },
  sampling: {
    dependsOnSharing: true,
    check: async (open) => {
      const probe = await open({ answers: { sampling: 'Paris' } });
      expect(await probe.call('test_sampling', { prompt: 'Where?' })).toEqual(ok('LLM response: Paris'));
    },
  },
  roots: {
    dependsOnSharing: true,
    check: async (open) => {
      const probe = await open({ answers: { roots: ['file:///one', 'file:///two'] } });
      const { text } = await probe.call('test_input_required_result_list_roots');
      expect(text).toBe('Roots: file:///one, file:///two');
    },
  },
  'three questions at once': {
    dependsOnSharing: true,
    check: async (open) => {
      const elicitation = { action: 'accept' as const, content: { name: 'Ada' } };
      const probe = await open({ answers: { elicitation, sampling: 'Hello', roots: ['file:///one'] } });
      const { text } = await probe.call('test_input_required_result_multiple_inputs');
      expect(text).toBe('Hello Ada, you have 1 roots.');
    },
  },
  'nobody is asked what they have not declared': {
    dependsOnSharing: true,
    check: async (open, { era, server, isShared }) => {
      const { error, isError } = await (await open()).call('test_missing_capability');
      // The older revisions do not say how a tool fails that could not ask. A server of theirs that is one's own has
      // been told what its client takes, and need not ask at all.
      if (era === 'modern' && (isShared || !server.startsWith('legacy'))) expect(error?.code).toBe(-32021);
      else expect(isError || error !== null).toBe(true);
    },
  },

  'list_changed, and the list has changed': {
    check: async (open) => {
      const probe = await open();
      await probe.listen();
      const before = (await probe.tools()).includes('test_dynamic_tool');
      await probe.call('test_trigger_tool_change');
      await until(() => expect(probe.heard).toContain('notifications/tools/list_changed'));
      expect((await probe.tools()).includes('test_dynamic_tool')).toBe(!before);
    },
  },
  'resource updates for subscribers only': {
    check: async (open) => {
      const uri = 'test://watched-resource';
      const [subscriber, other] = await Promise.all([open(), open()]);
      await subscriber.listen([uri]);
      await other.listen();
      expect(await subscriber.read(uri)).toBe('Watched.');
      await other.call('probe_touch', { uri });
      await until(() => expect(subscriber.heard).toContain('notifications/resources/updated'));
      // A later notification that both hear shows that the first one is not merely late.
      await other.call('test_trigger_prompt_change');
      await until(() => expect(other.heard).toContain('notifications/prompts/list_changed'));
      expect(other.heard).not.toContain('notifications/resources/updated');
    },
    without: ofTwoClients,
  },
  'log lines': {
    dependsOnSharing: true,
    check: async (open) => {
      const probe = await open({ logs: true });
      expect(await probe.call('probe_announce')).toEqual(ok('announced'));
      await until(() => expect(probe.heard).toContain('notifications/message'));
    },
  },
  'notifications nobody knows': {
    check: async (open) => {
      const probe = await open();
      expect(await probe.call('probe_announce')).toEqual(ok('announced'));
      await until(() => expect(probe.heard).toContain('notifications/vendor.probe'));
    },
    without: ({ era, server, door }) =>
      door === null || era === 'legacy' || server.endsWith('-http')
        ? null
        : 'the newer era has a place for it on the stream of a request only, and pipes do not tell of which',
  },

  'code and data of an error': {
    check: async (open) => {
      const { error } = await (await open()).call('probe_fail');
      expect(error).toMatchObject({ code: -32050, data: { reason: 'on purpose', depth: [1, { two: 2 }] } });
      expect(error?.message).toContain('The probe has failed.');
    },
  },
  '_meta of a call': {
    check: async (open) => {
      const { text } = await (
        await open()
      ).call('probe_meta', {}, { meta: { 'vendor.example/trace': { depth: [1] } } });
      expect(JSON.parse(text)).toMatchObject({ 'vendor.example/trace': { depth: [1] } });
    },
  },
  'an argument of 1 MiB': {
    check: async (open) => {
      const message = 'é"\n'.repeat(MEBIBYTE / 4);
      expect(await (await open()).call('probe_length', { message })).toEqual(ok(String(message.length)));
    },
  },
  'a result of 1 MiB': {
    check: async (open) => {
      const { text, error } = await (await open()).call('probe_big', { letters: MEBIBYTE });
      expect(error).toBeNull();
      expect(text.length).toBe(MEBIBYTE);
    },
  },

  'the call after the server has died': {
    check: async (open) => {
      const [probe, other] = await Promise.all([open(), open()]);
      const before = await other.call('probe_pid');
      const { error, isError } = await probe.call('probe_crash');
      expect(error !== null || isError).toBe(true);
      const after = await Promise.all([probe.call('probe_pid'), other.call('probe_pid')]);
      expect(after.map((outcome) => outcome.error)).toEqual([null, null]);
      expect(after.map(({ text }) => text)).not.toContain(before.text);
    },
    without: ({ door, server }) => {
      if (door === null) return 'nobody is there to start it again';
      return isHttp(server) ? 'a remote server that is gone is not the hub’s to start' : null;
    },
  },
};
