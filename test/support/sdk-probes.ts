import { Client as ClientV2, SSEClientTransport as SseV2 } from '@modelcontextprotocol/client';
import {
  StreamableHTTPClientTransport as HttpV2,
  type Transport as TransportV2,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as SseV1 } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as TransportV1 } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import {
  failed,
  outcomeOf,
  promptText,
  referenceOf,
  type Answers,
  type McpProbe,
  type ProbeOptions,
  type Way,
} from './mcp-probe.ts';

const IDENTITY = { name: 'patchbay-probe', version: '1.0.0' };
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';

/** A client on the SDK of the first generation: the older era only. */
export async function sdkV1Probe(way: Way, options: ProbeOptions = {}): Promise<McpProbe> {
  const { answers = {}, logs = false } = options;
  const client = new ClientV1(IDENTITY, { capabilities: capabilitiesOf(answers) });
  const { elicitation, sampling, roots } = replies(answers);
  if (elicitation) client.setRequestHandler(ElicitRequestSchema, () => elicitation);
  if (sampling) client.setRequestHandler(CreateMessageRequestSchema, () => sampling);
  if (roots) client.setRequestHandler(ListRootsRequestSchema, () => roots);
  const heard: string[] = [];
  client.fallbackNotificationHandler = async ({ method }) => void heard.push(method);
  const transport = transportV1(way);
  await client.connect(transport);
  if (logs) await client.setLoggingLevel('debug');

  return {
    version: transport instanceof HttpV1 ? transport.protocolVersion : undefined,
    heard,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args = {}, { onProgress, signal, meta } = {}) =>
      client
        .callTool({ name, arguments: args, ...(meta && { _meta: meta }) }, undefined, {
          ...(onProgress && { onprogress: onProgress }),
          ...(signal && { signal }),
        })
        .then(outcomeOf, failed),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    templates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    prompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    prompt: async (name, args = {}) => promptText(await client.getPrompt({ name, arguments: args })),
    complete: async (of, name, value) => {
      const { completion } = await client.complete({ ref: referenceOf(of), argument: { name, value } });
      return completion.values;
    },
    listen: async (uris = []) => {
      for (const uri of uris) await client.subscribeResource({ uri });
    },
    async close() {
      if (transport instanceof HttpV1) await transport.terminateSession();
      await client.close();
    },
  };
}

/** A client on the SDK of the second generation, pinned to the newer era or kept to the older one. */
export async function sdkV2Probe(
  era: 'modern' | 'legacy',
  way: Way,
  options: ProbeOptions = {},
): Promise<McpProbe> {
  const { answers = {}, logs = false } = options;
  const isModern = era === 'modern';
  const client = new ClientV2(IDENTITY, {
    capabilities: capabilitiesOf(answers),
    versionNegotiation: { mode: isModern ? { pin: '2026-07-28' } : 'legacy' },
  });
  const { elicitation, sampling, roots } = replies(answers);
  if (elicitation) client.setRequestHandler('elicitation/create', () => elicitation);
  if (sampling) client.setRequestHandler('sampling/createMessage', () => sampling);
  if (roots) client.setRequestHandler('roots/list', () => roots);
  const heard: string[] = [];
  client.fallbackNotificationHandler = async ({ method }) => void heard.push(method);
  const transport = transportV2(way);
  await client.connect(transport);
  if (logs && !isModern) await client.setLoggingLevel('debug');
  const logMeta = logs && isModern ? { [LOG_LEVEL]: 'debug' as const } : {};

  return {
    version: client.getNegotiatedProtocolVersion(),
    heard,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args = {}, { onProgress, signal, meta } = {}) =>
      client
        .callTool(
          { name, arguments: args, _meta: { ...meta, ...logMeta } },
          { ...(onProgress && { onprogress: onProgress }), ...(signal && { signal }) },
        )
        .then(outcomeOf, failed),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    templates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    prompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    prompt: async (name, args = {}) => promptText(await client.getPrompt({ name, arguments: args })),
    complete: async (of, name, value) => {
      const { completion } = await client.complete({ ref: referenceOf(of), argument: { name, value } });
      return completion.values;
    },
    listen: async (uris = []) => {
      if (!isModern) {
        for (const uri of uris) await client.subscribeResource({ uri });
        return;
      }
      await client.listen({
        toolsListChanged: true,
        promptsListChanged: true,
        resourcesListChanged: true,
        resourceSubscriptions: [...uris],
      });
    },
    async close() {
      if (transport instanceof HttpV2 && !isModern) await transport.terminateSession();
      await client.close();
    },
  };
}

const capabilitiesOf = ({ elicitation, sampling, roots }: Answers): Record<string, object> => ({
  ...(elicitation && { elicitation: { form: {} } }),
  ...(sampling && { sampling: {} }),
  ...(roots && { roots: { listChanged: true } }),
});

const replies = ({ elicitation, sampling, roots }: Answers) => ({
  elicitation,
  sampling:
    sampling === undefined
      ? undefined
      : {
          role: 'assistant' as const,
          model: 'probe',
          stopReason: 'endTurn',
          content: { type: 'text' as const, text: sampling },
        },
  roots: roots && { roots: roots.map((uri) => ({ uri })) },
});

const textOf = (contents: readonly object[]): string =>
  (contents[0] as { text?: string } | undefined)?.text ?? '';

const headersOf = (token: string | null): { requestInit?: { headers: Record<string, string> } } =>
  token === null ? {} : { requestInit: { headers: { authorization: `Bearer ${token}` } } };

function transportV1(way: Way): TransportV1 {
  if (way.kind === 'stdio') return new StdioV1(stdioOptions(way));
  const url = new URL(way.url);
  return way.kind === 'sse' ? new SseV1(url, headersOf(way.token)) : new HttpV1(url, headersOf(way.token));
}

function transportV2(way: Way): TransportV2 {
  if (way.kind === 'stdio') return new StdioV2(stdioOptions(way));
  const url = new URL(way.url);
  return way.kind === 'sse' ? new SseV2(url, headersOf(way.token)) : new HttpV2(url, headersOf(way.token));
}

const stdioOptions = ({ command, args, cwd, env }: Extract<Way, { kind: 'stdio' }>) => ({
  command,
  args: [...args],
  cwd,
  env: { ...env },
  stderr: 'ignore' as const,
});
