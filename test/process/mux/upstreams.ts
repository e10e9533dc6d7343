import path from 'node:path';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import { projectRoot } from '../../support/cli.ts';
import {
  mcpFixture,
  startEverything,
  startHttpProgram,
  type FixtureEra,
  type HttpServerProgram,
} from '../../support/mcp-fixtures.ts';
import { referenceServer, type ReferenceServer } from '../../support/reference-servers.ts';
import type { TemporaryHome } from '../../support/temporary-home.ts';

/** A server behind the hub. One that is `remote` is started by the test and reached by its URL. */
export interface Upstream {
  remote?: (env: TemporaryHome['env']) => Promise<HttpServerProgram>;
  define: (at: { url: string; home: TemporaryHome }) => ServerDefinition;
  /** Some of its tools. */
  tools: readonly string[];
  /** A call and what its text holds; `mark` tells callers apart where the tool can say it. */
  call: (mark: string, home: TemporaryHome) => { tool: string; args: Record<string, unknown>; text: string };
}

const FIXTURE_TOOLS = ['test_simple_text', 'probe_echo'];

const echoBy =
  (tool: string, prefix = ''): Upstream['call'] =>
  (mark) => ({ tool, args: { message: mark }, text: `${prefix}${mark}` });

const byUrl =
  (type: 'http' | 'sse'): Upstream['define'] =>
  ({ url }) => ({ type, url });

const npm = (name: ReferenceServer, ...args: string[]): ServerDefinition => {
  const [command, ...rest] = referenceServer(name, ...args);
  return { command, args: rest };
};

const everything = (transport: 'stdio' | 'http' | 'sse'): Upstream => ({
  ...(transport !== 'stdio' && {
    remote: (env) => startEverything(transport === 'sse' ? 'sse' : 'streamableHttp', env),
  }),
  define: transport === 'stdio' ? () => npm('everything') : byUrl(transport),
  tools: ['echo', 'get-sum'],
  call: echoBy('echo', 'Echo: '),
});

/** Our own server, in the eras and by the transport given. */
const fixture = (era: FixtureEra, transport: 'stdio' | 'http' | 'sse', ...args: string[]): Upstream => ({
  ...(transport !== 'stdio' && {
    remote: (env) => startHttpProgram(mcpFixture(era, transport, ...args), env),
  }),
  define: transport === 'stdio' ? () => mcpFixture(era, 'stdio', ...args) : byUrl(transport),
  tools: FIXTURE_TOOLS,
  call: echoBy('probe_echo'),
});

const odd = (how: string): Upstream => ({
  define: () => ({
    command: process.execPath,
    args: [path.join(projectRoot, 'test', 'fixtures', 'mcp', 'odd.mjs'), how],
  }),
  tools: ['echo', 'crash'],
  call: echoBy('echo'),
});

/** With every feature, in each era and by each transport. */
export const fixtures = {
  'legacy-stdio': fixture('legacy', 'stdio'),
  'legacy-http': fixture('legacy', 'http'),
  'legacy-sse': fixture('legacy', 'sse'),
  'dual-stdio': fixture('dual', 'stdio'),
  'dual-http': fixture('dual', 'http'),
  'modern-stdio': fixture('dual', 'stdio', '--modern-only'),
  'modern-http': fixture('dual', 'http', '--modern-only'),
} as const satisfies Record<string, Upstream>;

/** Of the MCP project, from npm. */
export const npmServers = {
  everything: everything('stdio'),
  'everything-http': everything('http'),
  'everything-sse': everything('sse'),
  memory: {
    define: () => npm('memory'),
    tools: ['read_graph', 'create_entities'],
    call: () => ({ tool: 'read_graph', args: {}, text: '"entities"' }),
  },
  filesystem: {
    define: ({ home }) => npm('filesystem', home.project),
    tools: ['read_text_file', 'list_allowed_directories'],
    call: (_mark, home) => ({ tool: 'list_allowed_directories', args: {}, text: home.project }),
  },
} as const satisfies Record<string, Upstream>;

/** With a bad habit each; see test/fixtures/mcp/odd.mjs. */
export const oddServers = Object.fromEntries(
  ['dies-on-probe', 'ignores-probe', 'slow', 'same-ids', 'long-line', 'junk'].map((how) => [how, odd(how)]),
);
