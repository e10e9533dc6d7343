import { z } from 'zod';
import { isModernVersion } from '../sessions/protocol-versions.ts';
import { PROTOCOL_VERSION_KEY } from '../routes/mux/eras/meta-keys.ts';
import type { LegacyClient } from './legacy-client.ts';
import { RpcFault, ServerFault } from './server-fault.ts';

const MAX_BYTES = 16 * 1024 * 1024;

const Answer = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  method: z.string().optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});
type Answer = z.infer<typeof Answer>;

/**
 * A conversation over Streamable HTTP, one POST per message. Answers come as JSON or as the first matching event of a
 * stream; nothing else of a stream is read. `close` ends the session at the server too, as far as that works.
 */
export function createHttpClient(
  target: { url: string; headers: Readonly<Record<string, string>> },
  ask: typeof fetch = fetch,
): LegacyClient {
  const closing = new AbortController();
  let closed: Error | null = null;
  let session: string | null = null;
  let revision: string | null = null;
  let nextId = 1;

  const headersFor = (method: string, params: object): Record<string, string> => {
    const { _meta } = params as { _meta?: Readonly<Record<string, string>> };
    const version = _meta?.[PROTOCOL_VERSION_KEY] ?? revision;
    return {
      ...target.headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(version && { 'mcp-protocol-version': version }),
      ...(version && isModernVersion(version) && { 'mcp-method': method }),
      ...(session && { 'mcp-session-id': session }),
    };
  };
  const post = async (method: string, message: { params?: object; id?: number }, signal: AbortSignal) => {
    const params = message.params ?? {};
    const body = JSON.stringify({ jsonrpc: '2.0', method, ...message });
    const headers = headersFor(method, params);
    return await ask(target.url, { method: 'POST', headers, body, signal, redirect: 'error' });
  };

  const request = async (method: string, params: object, timeoutMs: number): Promise<unknown> => {
    if (closed) throw closed;
    const id = nextId++;
    const limit = AbortSignal.timeout(Math.ceil(timeoutMs));
    const signal = AbortSignal.any([limit, closing.signal]);
    try {
      const response = await post(method, { id, params }, signal);
      session = response.headers.get('mcp-session-id') ?? session;
      const answer = await readAnswer(response, id);
      if (answer?.error) throw new RpcFault(method, answer.error);
      if (!response.ok) throw new ServerFault(`answered ${method} with HTTP status ${response.status}`);
      if (answer?.result === undefined)
        throw new ServerFault(`answered ${method} with neither result nor error`);
      if (method === 'initialize') revision = negotiated(answer.result);
      return answer.result;
    } catch (error) {
      if (error instanceof ServerFault) throw error;
      if (closed) throw closed;
      if (limit.aborted) throw new ServerFault(`did not answer ${method} within ${timeoutMs / 1_000} s`);
      // fetch says why in the cause; its own message is the same for all.
      const { cause, message } = error as Error;
      const why = cause instanceof Error ? cause.message || cause.name : message;
      throw new ServerFault(`could not be reached (${why})`);
    }
  };

  return {
    request,
    notify(method) {
      if (closed) return;
      post(method, {}, closing.signal).then(
        (response) => response.body?.cancel(),
        () => {},
      );
    },
    close(reason) {
      if (closed) return;
      closed = reason;
      closing.abort();
      if (session === null) return;
      const headers = headersFor('', {});
      ask(target.url, { method: 'DELETE', headers, signal: AbortSignal.timeout(2_000) }).then(
        (response) => response.body?.cancel(),
        () => {},
      );
    },
  };
}

const negotiated = (result: unknown): string | null => {
  const { protocolVersion } = result as { protocolVersion?: unknown };
  return typeof protocolVersion === 'string' ? protocolVersion : null;
};

async function readAnswer(response: Response, id: number): Promise<Answer | null> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  let text = '';
  let size = 0;
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > MAX_BYTES) throw new ServerFault(`sent more than the ${MAX_BYTES} bytes allowed`);
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (!isStream) continue;
    const events = text.split(/\r?\n\r?\n/);
    text = events.pop() ?? '';
    for (const event of events) {
      const found = parseAnswer(dataOf(event), id);
      // Leaving the loop closes the stream, which a server may keep open for ever.
      if (found) return found;
    }
  }
  return parseAnswer(isStream ? dataOf(text) : text, id);
}

const dataOf = (event: string): string =>
  event
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data:') ? [line.slice(5).replace(/^ /, '')] : []))
    .join('\n');

/** An error without an id answers a request whose id the server did not read. */
function parseAnswer(text: string, id: number): Answer | null {
  try {
    const answer = Answer.safeParse(JSON.parse(text));
    if (!answer.success || answer.data.method !== undefined) return null;
    const isOurs =
      answer.data.id === id || (answer.data.error !== undefined && (answer.data.id ?? null) === null);
    return isOurs ? answer.data : null;
  } catch {
    return null;
  }
}
