// What a client does in each of the suite's scenarios, by itself or behind the hub.
import { Client } from '@modelcontextprotocol/client';
import type { Scenario, ScenarioContext } from './client-driver.ts';

/** How the client reaches the suite's server. */
export interface Access {
  connect(client: Client): Promise<void>;
  /** Logs in when `run` needs it, and runs it again. */
  withLogin<Result>(run: () => Promise<Result>): Promise<Result>;
}

const CAPABILITIES = { roots: {}, sampling: {}, elicitation: { form: { applyDefaults: true } } };

async function connected({ connect, withLogin }: Access, version: string): Promise<Client> {
  const client = new Client(
    { name: 'patchbay-conformance', version: '1.0.0' },
    {
      capabilities: CAPABILITIES,
      versionNegotiation: { mode: version === '2026-07-28' ? 'auto' : 'legacy' },
    },
  );
  client.setRequestHandler('roots/list', () => ({ roots: [] }));
  client.setRequestHandler('sampling/createMessage', () => ({
    role: 'assistant',
    model: 'none',
    content: { type: 'text', text: 'Hello.' },
  }));
  // What the person leaves empty gets the defaults of the question.
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }));
  await withLogin(() => connect(client));
  return client;
}

const call = (client: Client, name: string, args: Record<string, unknown> = {}) =>
  client.callTool({ name, arguments: args });

type Play = (client: Client, context: ScenarioContext) => Promise<unknown>;

const scenarios: Readonly<Record<string, Play>> = {
  tools_call: async (client) => {
    await client.listTools();
    await call(client, 'add_numbers', { a: 5, b: 3 });
  },
  'elicitation-sep1034-client-defaults': (client) => call(client, 'test_client_elicitation_defaults'),
  'sse-retry': async (client) => {
    await client.listTools();
    await call(client, 'test_reconnection');
  },
  'sep-2322-client-request-state': async (client) => {
    await client.listTools();
    await Promise.all([call(client, 'test_mrtr_echo_state'), call(client, 'test_mrtr_unrelated')]);
    await call(client, 'test_mrtr_no_state');
    // A result without a type stands outside the newer revision; reading it is the point of this one.
    await call(client, 'test_mrtr_no_result_type').catch(() => {});
  },
  'http-standard-headers': async (client) => {
    const { tools } = await client.listTools();
    for (const { name } of tools) await call(client, name);
    const { resources } = await client.listResources();
    for (const { uri } of resources) await client.readResource({ uri });
    const { prompts } = await client.listPrompts();
    for (const { name } of prompts) await client.getPrompt({ name });
  },
  'http-custom-headers': async (client, { toolCalls = [] }) => {
    await client.listTools();
    for (const { name, arguments: args } of toolCalls) await call(client, name, args);
  },
  'http-invalid-tool-headers': async (client) => {
    const { tools } = await client.listTools();
    for (const { name } of tools) await call(client, name);
  },
  'json-schema-2020-12-preservation': async (client) => {
    const { tools } = await client.listTools();
    const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema;
    await call(client, 'json_schema_echo', { schema });
  },
};

async function listAndCall(client: Client, { withLogin }: Access): Promise<void> {
  const { tools } = await withLogin(() => client.listTools());
  for (const { name } of tools) await withLogin(() => call(client, name));
}

/** Plays one scenario to its end. Rejects when the client could not do what the scenario wants of it. */
export async function playScenario({ scenario, version, context }: Scenario, access: Access): Promise<void> {
  const client = await connected(access, version);
  try {
    if (scenario.startsWith('auth/')) await listAndCall(client, access);
    else await (scenarios[scenario] ?? (() => client.listTools()))(client, context);
  } finally {
    await client.close();
  }
}
