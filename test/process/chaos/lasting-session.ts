/** A session over Streamable HTTP that waits for its hub to come back, as a client that means to go on does. */
export interface LastingSession {
  /** Text of the tool's first content. Rejects with the message of a JSON-RPC error. */
  callTool(name: string): Promise<string>;
  /** Every HTTP status it has been answered with. */
  readonly statuses: ReadonlySet<number>;
  end(): Promise<void>;
}

const AGAIN_MS = 20;
const AWAY_MS = 20_000;

interface Answer {
  result?: { content?: { text: string }[] };
  error?: { message: string };
}

export async function openLastingSession(url: URL, token: string): Promise<LastingSession> {
  const statuses = new Set<number>();
  const headers: Record<string, string> = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
  };
  let nextId = 0;

  /** Only a connection that could not be made is tried again: what has been sent may have been done. */
  async function post(body: object): Promise<Response> {
    const deadline = performance.now() + AWAY_MS;
    for (;;) {
      try {
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
        statuses.add(response.status);
        return response;
      } catch (error) {
        const { code } = ((error as Error).cause ?? {}) as { code?: string };
        if (code !== 'ECONNREFUSED' || performance.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  async function request(method: string, params: object): Promise<Answer> {
    const response = await post({ jsonrpc: '2.0', id: nextId++, method, params });
    const session = response.headers.get('mcp-session-id');
    if (session) headers['mcp-session-id'] = session;
    const text = await response.text();
    if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
      return JSON.parse(text) as Answer;
    const data = text.split('\n').filter((line) => line.startsWith('data: ') && line.includes('"id"'));
    return JSON.parse(data.at(-1)?.slice('data: '.length) ?? '{}') as Answer;
  }

  const clientInfo = { name: 'lasting', version: '1' };
  await request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  headers['mcp-protocol-version'] = '2025-11-25';
  await post({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    statuses,
    async callTool(name) {
      const { result, error } = await request('tools/call', { name, arguments: {} });
      if (!result) throw new Error(error?.message ?? 'The answer is empty.');
      return result.content?.[0]?.text ?? '';
    },
    async end() {
      await fetch(url, { method: 'DELETE', headers });
    },
  };
}
