// @ts-check
// The proxy one writes in an afternoon with the official SDK: a Server towards the client, a Client towards the
// server, every message parsed, validated and serialised again. `node sdk-proxy.mjs COMMAND ARGS…`
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  CallToolResultSchema,
  ListToolsRequestSchema,
  ListToolsResultSchema,
} from '@modelcontextprotocol/sdk/types.js';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error('usage: sdk-proxy.mjs COMMAND ARGS…');

const upstream = new Client({ name: 'sdk-proxy', version: '1.0.0' });
await upstream.connect(new StdioClientTransport({ command, args, stderr: 'ignore' }));
const downstream = new Server({ name: 'sdk-proxy', version: '1.0.0' }, { capabilities: { tools: {} } });
downstream.setRequestHandler(ListToolsRequestSchema, ({ params }) =>
  upstream.request({ method: 'tools/list', params }, ListToolsResultSchema),
);
downstream.setRequestHandler(CallToolRequestSchema, ({ params }) =>
  upstream.request({ method: 'tools/call', params }, CallToolResultSchema),
);
// The SDK's stdio transport does not notice that its client has gone.
process.stdin.once('end', () => void upstream.close().then(() => process.exit(0)));
await downstream.connect(new StdioServerTransport());
