// @ts-check
// The server that stands behind everything that is measured: MCP by hand, so that its own cost is small and the same
// behind every target. `node backend.mjs stdio [TOOLS]`, or `node backend.mjs http`, which says `{"port":N}` when it
// listens. With a number it has so many tools.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { bigText } from './big-text.mjs';

const inputSchema = { type: 'object', properties: { message: { type: 'string' } } };
const FEW_TOOLS = [
  { name: 'echo', description: 'Returns the message.', inputSchema },
  { name: 'big', description: 'Returns one MiB of text.', inputSchema: { type: 'object' } },
  { name: 'crash', description: 'Ends the process without an answer.', inputSchema: { type: 'object' } },
];
/** About as long as those of real servers. */
const description = 'Looks something up and returns what it has found. '.repeat(6);
const tools = JSON.stringify({
  tools: process.argv[3]
    ? Array.from({ length: Number(process.argv[3]) }, (_, n) => ({
        name: `tool_${n}`,
        description,
        inputSchema,
      }))
    : FEW_TOOLS,
});
const handshake = JSON.stringify({
  protocolVersion: '2025-06-18',
  capabilities: { tools: {} },
  serverInfo: { name: 'bench-backend', version: '1.0.0' },
});
/** Serialised once: what is measured is the way of the bytes, not their making. */
let big = '';

/**
 * The response to one request as text, null for a notification.
 * @param {{id?: number | string, method?: string, params?: {name?: string, arguments?: {message?: string}}}} message
 * @returns {string | null}
 */
function answer({ id, method, params }) {
  if (id === undefined) return null;
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`;
  if (method === 'tools/call' && params?.name === 'echo') {
    return `${head}"result":{"content":[{"type":"text","text":${JSON.stringify(params.arguments?.message)}}]}}`;
  }
  if (method === 'tools/call' && params?.name === 'big') {
    big ||= JSON.stringify({ content: [{ type: 'text', text: bigText() }] });
    return `${head}"result":${big}}`;
  }
  if (method === 'tools/call' && params?.name === 'crash') process.exit(3);
  if (method === 'tools/list') return `${head}"result":${tools}}`;
  if (method === 'initialize') return `${head}"result":${handshake}}`;
  if (method === 'ping') return `${head}"result":{}}`;
  return `${head}"error":{"code":-32601,"message":"Method not found"}}`;
}

function serveStdio() {
  let rest = '';
  process.stdin.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    let out = '';
    for (const line of lines) {
      const response = line === '' ? null : answer(JSON.parse(line));
      if (response !== null) out += `${response}\n`;
    }
    if (out !== '') process.stdout.write(out);
  });
}

function serveHttp() {
  const server = createServer((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    /** @type {Buffer[]} */
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(parts).toString());
      const body = answer(message);
      const session = request.headers['mcp-session-id'] ?? randomUUID();
      if (body === null) return void response.writeHead(202, { 'mcp-session-id': session }).end();
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'mcp-session-id': session,
      });
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    process.stdout.write(`{"port":${address.port}}\n`);
  });
}

if (process.argv[2] === 'http') serveHttp();
else serveStdio();
