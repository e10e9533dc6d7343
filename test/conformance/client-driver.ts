import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One scenario as the suite tells it to its client. */
export interface Scenario {
  /** Of the suite's server. */
  url: string;
  scenario: string;
  version: string;
  context: ScenarioContext;
}

export interface ScenarioContext {
  client_id?: string;
  client_secret?: string;
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
}

export interface ClientDriver {
  url: string;
  /** What went wrong on the client's side, by scenario. Where the server misbehaves, that is as it should be. */
  readonly errors: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/**
 * The suite starts all of its clients at once, which is more than two cores are good for: each waits here for its turn.
 */
const AT_ONCE = 4;
/** One that takes longer waits for a server of the suite that is no more, and would keep the others waiting. */
const LONGEST_MS = 60_000;

/** Plays what `relay-client.mjs` asks for; a rejection is the client's failure. */
export async function startClientDriver(play: (scenario: Scenario) => Promise<void>): Promise<ClientDriver> {
  const waiting: (() => void)[] = [];
  const errors = new Map<string, string>();
  let running = 0;
  const turn = async (): Promise<void> => {
    if (running === AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
  };
  const over = (): void => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };

  const server = createServer((request, response) => {
    void (async () => {
      const scenario = await readScenario(request);
      await turn();
      try {
        await inTime(play(scenario));
        response.end();
      } catch (error) {
        errors.set(scenario.scenario, String(error));
        response.writeHead(500).end(String(error));
      } finally {
        over();
      }
    })();
  });
  // A scenario may wait for its turn, and then for the suite's own time-outs.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    errors,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function inTime(playing: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done after ${LONGEST_MS} ms`)), LONGEST_MS);
    playing.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function readScenario(request: IncomingMessage): Promise<Scenario> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
  return JSON.parse(body) as Scenario;
}
