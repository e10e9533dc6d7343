import path from 'node:path';
import { projectRoot } from '../support/cli.ts';
import { echo } from './calls.ts';
import { runSlice } from './load.ts';
import { Endings, type Command } from './started.ts';
import { rawBackend } from './target.ts';
import { helloWire, SHARED, startBenchHub } from './target-hub.ts';
import { firstTools, type Wire } from './wire.ts';

/** What a server that misbehaves does to another one behind the same hub. */
export interface Neighbour {
  fault: string;
  /** 99th percentile of the healthy server's calls while the other is left alone, and while it misbehaves; ms. */
  quietP99: number[];
  faultyP99: number[];
  wrong: number;
}

const fixture = (folder: string, file: string, ...args: string[]): Command => ({
  command: process.execPath,
  args: [path.join(projectRoot, 'test', 'fixtures', folder, file), ...args],
});

/** How often the faulty server is called meanwhile, without waiting for its answers. */
const CALL_EVERY_MS = 5;
const HEALTHY = 'healthy';

/** A server with its fault, and the call that brings it about. */
const FAULTS: Readonly<Record<string, { command: Command; tool: string }>> = {
  'B03 dies in every call': { command: fixture('servers', 'crash-on-call.mjs'), tool: 'crash' },
  'B06 takes its time': { command: fixture('mcp', 'odd.mjs', 'slow'), tool: 'echo' },
  'B07 writes junk between its frames': { command: fixture('mcp', 'odd.mjs', 'junk'), tool: 'echo' },
  'B09 writes lines of 11 MB': { command: fixture('mcp', 'odd.mjs', 'long-line'), tool: 'echo' },
  'B11 floods stderr': { command: fixture('servers', 'noisy.mjs'), tool: 'noise' },
  'B16 answers twice, and under foreign ids': {
    command: fixture('mcp', 'odd.mjs', 'same-ids'),
    tool: 'echo',
  },
};

/** Rounds of a quiet stretch and a faulty one, so that what disturbs the machine disturbs both. */
export async function neighbours(rounds: number, ms: number): Promise<Neighbour[]> {
  const found: Neighbour[] = [];
  for (const [fault, { command, tool }] of Object.entries(FAULTS)) {
    const endings = new Endings();
    try {
      const hub = await startBenchHub({ [HEALTHY]: rawBackend.stdio, faulty: command }, endings, SHARED);
      const open = async (server: string, of: Command): Promise<Wire> => {
        const wire = await helloWire(hub, of, server);
        endings.add(() => wire.close());
        await firstTools(wire);
        return wire;
      };
      const healthy = await open(HEALTHY, rawBackend.stdio);
      const faulty = await open('faulty', command);
      const one: Neighbour = { fault, quietP99: [], faultyP99: [], wrong: 0 };
      await runSlice(healthy, echo, { lanes: 1, ms });
      for (let round = 0; round < rounds; round += 1) {
        const quiet = await runSlice(healthy, echo, { lanes: 1, ms });
        const provoked = provoke(faulty, tool);
        const loud = await runSlice(healthy, echo, { lanes: 1, ms });
        provoked.stop();
        one.quietP99.push(quiet.p99);
        one.faultyP99.push(loud.p99);
        one.wrong += quiet.wrong + loud.wrong;
      }
      found.push(one);
    } finally {
      await endings.run();
    }
  }
  return found;
}

/** Calls without end; answers and failures are nobody's concern here. */
function provoke(wire: Wire, tool: string): { stop(): void } {
  wire.onFrame = () => {};
  wire.onFailure = () => {};
  let id = 1;
  const timer = setInterval(() => {
    const params = { name: tool, arguments: { message: 'call 0' } };
    wire.send(0, JSON.stringify({ jsonrpc: '2.0', id: id++, method: 'tools/call', params }));
  }, CALL_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
