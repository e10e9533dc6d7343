import type { HttpLaunch, ProbeResult, StdioLaunch, WitnessLaunch } from '../migration/witness-port.ts';
import { WITNESS_VARIABLE } from '../sessions/shim-protocol.ts';
import { spawnServer, type ServerChild } from '../supervisor/spawn-server.ts';
import { StderrRing } from '../supervisor/stderr-ring.ts';
import { hasExited, stopChild, type StopLadder } from '../supervisor/stop-ladder.ts';
import { hasBypassNote } from './bypass-note.ts';
import { failureText } from './failure-text.ts';
import { createHttpClient } from './http-client.ts';
import { introduce } from './introduce.ts';
import { createLegacyClient, type LegacyClient } from './legacy-client.ts';
import { listFeatures } from './list-features.ts';
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

/**
 * Starts or reaches one server, asks what it offers and ends what was started. Never rejects: a failure is a finding.
 * An aborted signal ends the probe early, with an error.
 */
export const probeServer = (
  launch: WitnessLaunch,
  settings: ProbeSettings,
  signal: AbortSignal,
): Promise<ProbeResult> =>
  'url' in launch ? probeUrl(launch, settings, signal) : probeProgram(launch, settings, signal);

async function probeProgram(
  launch: StdioLaunch,
  settings: ProbeSettings,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const since = Date.now();
  const stderr = new StderrRing();
  const found = nothingFound();
  let child: ServerChild | null = null;
  try {
    signal.throwIfAborted();
    const start = settings.now();
    child = await spawnServer(launch.route === 'shim' ? markedAsWitness(launch) : launch);
    signal.throwIfAborted();
    child.stderr.on('data', (chunk: Buffer) => stderr.push('witness', chunk, 0)).on('error', () => {});
    const client = createLegacyClient({ input: child.stdin, output: child.stdout }, launch.cwd);
    const lookForNote = bypassCheck(launch, settings, { pid: child.pid, since });
    closeWithChild(client, child);
    try {
      const met = async (): Promise<void> => {
        // Asked early too: a hub that comes up meanwhile collects the notes.
        found.bypassed = await lookForNote();
      };
      await askEverything(client, found, { settings, start, signal, met });
    } finally {
      found.bypassed ||= await lookForNote();
    }
  } catch (error) {
    return { ...resultOf(launch, found), error: failureText(error, stderr, launch.env) };
  } finally {
    if (child) await stopChild(child, settings.ladder);
  }
  return resultOf(launch, found);
}

async function probeUrl(
  launch: HttpLaunch,
  settings: ProbeSettings,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const found = nothingFound();
  try {
    signal.throwIfAborted();
    const client = createHttpClient(launch);
    await askEverything(client, found, { settings, start: settings.now(), signal });
  } catch (error) {
    return { ...resultOf(launch, found), error: failureText(error, new StderrRing(), launch.headers) };
  }
  return resultOf(launch, found);
}

interface Asking {
  settings: ProbeSettings;
  start: number;
  signal: AbortSignal;
  /** Right after the handshake. */
  met?: () => Promise<void>;
}

async function askEverything(
  client: LegacyClient,
  found: Findings,
  { settings, start, signal, met }: Asking,
): Promise<void> {
  const { now, version, startTimeoutMs, listTimeoutMs } = settings;
  const abandon = (): void => client.close(new ServerFault('was not asked further'));
  signal.addEventListener('abort', abandon, { once: true });
  try {
    const server = await introduce(client, { version, timeoutMs: startTimeoutMs });
    found.startMs = now() - start;
    found.era = server.era;
    await met?.();
    const deadline = now() + listTimeoutMs;
    const timeLeft = (): number => Math.max(1, deadline - now());
    const tools = await listTools(server.client, timeLeft);
    found.features = await listFeatures(server.client, server.offers, timeLeft);
    found.tools = tools;
    found.latencyMs = await measureLatency(server.client, timeLeft, now);
  } finally {
    signal.removeEventListener('abort', abandon);
    client.close(new ServerFault('is being ended'));
  }
}

/** The shim takes the mark off again, so that the server finds what its client gives it. */
const markedAsWitness = (launch: StdioLaunch): StdioLaunch => ({
  ...launch,
  env: { ...launch.env, [WITNESS_VARIABLE]: '1' },
});

interface Findings {
  tools: Map<string, string> | null;
  features: Map<string, string> | null;
  era: ProbeResult['era'] | null;
  startMs: number | null;
  latencyMs: number | null;
  bypassed: boolean;
}

const nothingFound = (): Findings => ({
  tools: null,
  features: null,
  era: null,
  startMs: null,
  latencyMs: null,
  bypassed: false,
});

function resultOf(launch: WitnessLaunch, { bypassed, features, era, ...measured }: Findings): ProbeResult {
  // The way through the hub is claimed only of a shim that led to a server.
  const viaShim = bypassed || measured.startMs === null ? 'bypass' : 'hub';
  return {
    launch,
    ...measured,
    ...(features && { features }),
    ...(era && { era }),
    route: launch.route === 'shim' ? viaShim : launch.route,
  };
}

function bypassCheck(
  { route }: StdioLaunch,
  { bypassNotes }: ProbeSettings,
  { pid, since }: { pid: number | undefined; since: number },
): () => Promise<boolean> {
  return async () => route === 'shim' && pid !== undefined && (await hasBypassNote(bypassNotes, pid, since));
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
