import {
  failed,
  outcomeOf,
  promptText,
  referenceOf,
  type McpProbe,
  type ProbeOptions,
  type Way,
} from './mcp-probe.ts';
import { openWire, type Frame } from './frame-wires.ts';

export interface RawProbeOptions extends ProbeOptions {
  version: '2024-11-05' | '2025-03-26' | '2025-11-25';
  /** Sends each request in a batch with a `ping` beside it. */
  batch?: boolean;
  /** Id of the first request after the handshake; the next ones count on. */
  firstId?: number;
}

interface Waiting {
  resolve(result: Record<string, unknown>): void;
  reject(error: unknown): void;
}

export interface RawProbe extends McpProbe {
  /** Every frame received, in order. */
  readonly frames: readonly Frame[];
}

/** A client without any library. Its progress tokens are its request ids, so clients with equal ids have equal tokens. */
export async function rawProbe(way: Way, options: RawProbeOptions): Promise<RawProbe> {
  const { version, answers = {}, batch = false, firstId = 1, logs = false } = options;
  const waiting = new Map<string | number, Waiting>();
  const progress = new Map<unknown, (params: { progress: number }) => void>();
  const heard: string[] = [];
  const frames: Frame[] = [];
  let nextId = firstId;

  const lose = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const wire = await openWire(way, receive, (why) => lose(new Error(why)));

  function receive(frame: Frame): void {
    frames.push(frame);
    if (frame.method !== undefined && frame.id !== undefined)
      return void wire.send({ jsonrpc: '2.0', ...reply(frame) });
    if (frame.method === 'notifications/progress')
      return progress.get(frame.params?.progressToken)?.(frame.params as { progress: number });
    if (frame.method !== undefined) return void heard.push(frame.method);
    // Without an id nobody knows whose request was refused: whoever waits is told.
    if (frame.error && frame.id === null) return lose(new Error(frame.error.message));
    const caller = waiting.get(frame.id ?? '');
    waiting.delete(frame.id ?? '');
    if (frame.error) caller?.reject(frame.error);
    else caller?.resolve(frame.result ?? {});
  }

  function reply({ id, method }: Frame): Frame {
    const { elicitation, sampling, roots } = answers;
    if (method === 'ping') return { id, result: {} };
    if (method === 'elicitation/create' && elicitation) return { id, result: { ...elicitation } };
    if (method === 'roots/list' && roots) return { id, result: { roots: roots.map((uri) => ({ uri })) } };
    if (method === 'sampling/createMessage' && sampling !== undefined) {
      const content = { type: 'text', text: sampling };
      return { id, result: { role: 'assistant', model: 'probe', content } };
    }
    return { id, error: { code: -32601, message: 'Method not found' } };
  }

  function request(
    id: number | string,
    method: string,
    params: Record<string, unknown>,
  ): Promise<Frame['result']> {
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      const frame: Frame = { jsonrpc: '2.0', id, method, params };
      // A handshake is never part of a batch.
      void wire.send(
        batch && method !== 'initialize'
          ? [frame, { jsonrpc: '2.0', id: `ping-${id}`, method: 'ping' }]
          : frame,
      );
    });
  }

  const handshake = request('handshake', 'initialize', {
    protocolVersion: version,
    clientInfo: { name: 'patchbay-raw', version: '1.0.0' },
    capabilities: {
      ...(answers.elicitation && { elicitation: {} }),
      ...(answers.sampling !== undefined && { sampling: {} }),
      ...(answers.roots && { roots: {} }),
    },
  });
  // Nobody could close the connection of a probe that never was.
  handshake.catch(() => wire.close());
  const { protocolVersion } = (await handshake) as { protocolVersion: string };
  await wire.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  if (logs) await request('level', 'logging/setLevel', { level: 'debug' });

  return {
    version: protocolVersion,
    heard,
    frames,
    tools: async () => {
      const result = (await request(nextId++, 'tools/list', {})) as { tools: { name: string }[] };
      return result.tools.map(({ name }) => name);
    },
    async call(name, args = {}, { onProgress, signal, meta } = {}) {
      const id = nextId++;
      if (onProgress) progress.set(id, onProgress);
      const _meta = { ...meta, ...(onProgress && { progressToken: id }) };
      const answer = request(id, 'tools/call', { name, arguments: args, _meta });
      signal?.addEventListener('abort', () => {
        void wire.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
        waiting.get(id)?.reject(new Error('cancelled'));
        waiting.delete(id);
      });
      return answer.then(outcomeOf, failed);
    },
    resources: async () => {
      const result = (await request(nextId++, 'resources/list', {})) as { resources: { uri: string }[] };
      return result.resources.map(({ uri }) => uri);
    },
    templates: async () => {
      const result = (await request(nextId++, 'resources/templates/list', {})) as {
        resourceTemplates: { uriTemplate: string }[];
      };
      return result.resourceTemplates.map(({ uriTemplate }) => uriTemplate);
    },
    prompts: async () => {
      const result = (await request(nextId++, 'prompts/list', {})) as { prompts: { name: string }[] };
      return result.prompts.map(({ name }) => name);
    },
    prompt: async (name, args = {}) =>
      promptText(await request(nextId++, 'prompts/get', { name, arguments: args })),
    complete: async (of, name, value) => {
      const params = { ref: referenceOf(of), argument: { name, value } };
      const { completion } = (await request(nextId++, 'completion/complete', params)) as {
        completion: { values: string[] };
      };
      return completion.values;
    },
    read: async (uri) => {
      const { contents } = (await request(nextId++, 'resources/read', { uri })) as {
        contents: { text?: string }[];
      };
      return contents[0]?.text ?? '';
    },
    listen: async (uris = []) => {
      for (const uri of uris) await request(nextId++, 'resources/subscribe', { uri });
    },
    close: () => wire.close(),
  };
}
