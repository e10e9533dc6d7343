import { z } from 'zod';
import type { ProbeResult, WitnessLaunch } from '../migration/witness-port.ts';
import { WITNESS_VARIABLE } from '../sessions/shim-protocol.ts';
import { spawnServer, type ServerChild } from '../supervisor/spawn-server.ts';
import { StderrRing } from '../supervisor/stderr-ring.ts';
import { hasExited, stopChild, type StopLadder } from '../supervisor/stop-ladder.ts';
import { hasBypassNote } from './bypass-note.ts';
import { failureText } from './failure-text.ts';
import { createLegacyClient, type LegacyClient } from './legacy-client.ts';
import { listTools, measureLatency } from './list-tools.ts';
import { ServerFault } from './server-fault.ts';

/** What one probe needs to know beside its launch. Times in milliseconds. */
export interface ProbeSettings {
  /** Folder where shims leave a note when they go around the hub. */
  bypassNotes: string;
  /** Version that the server is told. */
  version: string;
  /** From spawn to the end of the handshake. */
  startTimeoutMs: number;
  /** For all questions after it. */
  listTimeoutMs: number;
  ladder: StopLadder;
  /** Monotonic clock. */
  now: () => number;
}

/** What is left to read of a server that has gone is read within this; a grandchild may hold its pipes (B15). */
const DRAIN_MS = 500;

const PROTOCOL_VERSION = '2025-11-25';
const InitializeResult = z.looseObject({ protocolVersion: z.string() });

/**
 * Starts one server, asks for its tools and ends it and all it started. Never rejects: a failure is a finding. An
 * aborted signal ends the probe early, with an error.
 */
export async function probeServer(
  launch: WitnessLaunch,
  settings: ProbeSettings,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const since = Date.now();
  const stderr = new StderrRing();
  const found: Findings = { tools: null, startMs: null, latencyMs: null, bypassed: false };
  let child: ServerChild | null = null;
  try {
    signal.throwIfAborted();
    const start = settings.now();
    child = await spawnServer(launch.route === 'shim' ? markedAsWitness(launch) : launch);
    signal.throwIfAborted();
    child.stderr.on('data', (chunk: Buffer) => stderr.push('witness', chunk, 0)).on('error', () => {});
    const client = createLegacyClient({ input: child.stdin, output: child.stdout }, launch.cwd);
    const lookForNote = bypassCheck(launch, settings, { pid: child.pid, since });
    const abandon = (): void => client.close(new ServerFault('was not asked further'));
    signal.addEventListener('abort', abandon, { once: true });
    closeWithChild(client, child);
    try {
      await shakeHands(client, settings);
      found.startMs = settings.now() - start;
      // Asked early too: a hub that comes up meanwhile collects the notes.
      found.bypassed = await lookForNote();
      const deadline = settings.now() + settings.listTimeoutMs;
      const timeLeft = (): number => Math.max(1, deadline - settings.now());
      found.tools = await listTools(client, timeLeft);
      found.latencyMs = await measureLatency(client, timeLeft, settings.now);
    } finally {
      signal.removeEventListener('abort', abandon);
      found.bypassed ||= await lookForNote();
      client.close(new ServerFault('is being ended'));
    }
  } catch (error) {
    return { ...resultOf(launch, found), error: failureText(error, stderr, launch.env) };
  } finally {
    if (child) await stopChild(child, settings.ladder);
  }
  return resultOf(launch, found);
}

/** The shim takes the mark off again, so that the server finds what its client gives it. */
const markedAsWitness = (launch: WitnessLaunch): WitnessLaunch => ({
  ...launch,
  env: { ...launch.env, [WITNESS_VARIABLE]: '1' },
});

interface Findings {
  tools: Map<string, string> | null;
  startMs: number | null;
  latencyMs: number | null;
  bypassed: boolean;
}

function resultOf(launch: WitnessLaunch, { bypassed, ...measured }: Findings): ProbeResult {
  // The way through the hub is claimed only of a shim that led to a server.
  const viaShim = bypassed || measured.startMs === null ? 'bypass' : 'hub';
  return { launch, ...measured, route: launch.route === 'direct' ? 'direct' : viaShim };
}

function bypassCheck(
  { route }: WitnessLaunch,
  { bypassNotes }: ProbeSettings,
  { pid, since }: { pid: number | undefined; since: number },
): () => Promise<boolean> {
  return async () => route === 'shim' && pid !== undefined && (await hasBypassNote(bypassNotes, pid, since));
}

async function shakeHands(client: LegacyClient, { version, startTimeoutMs }: ProbeSettings): Promise<void> {
  const answer = await client.request(
    'initialize',
    {
      protocolVersion: PROTOCOL_VERSION,
      capabilities: { roots: {} },
      clientInfo: { name: 'patchbay-witness', version },
    },
    startTimeoutMs,
  );
  if (!InitializeResult.safeParse(answer).success) {
    throw new ServerFault('answered initialize with something that is not a handshake');
  }
  client.notify('notifications/initialized');
}

/** Fails open requests once the child has gone and its last output was read. */
function closeWithChild(client: LegacyClient, child: ServerChild): void {
  const onExit = (): void => {
    const how =
      child.exitCode === null ? `was ended by ${child.signalCode}` : `ended with exit code ${child.exitCode}`;
    const close = (): void => {
      clearTimeout(timer);
      client.close(new ServerFault(how));
    };
    const timer = setTimeout(close, DRAIN_MS);
    child.once('close', close);
  };
  if (hasExited(child)) onExit();
  else child.once('exit', onExit);
}
