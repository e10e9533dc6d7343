import type { ClientAdapter } from '../../clients/client-adapter.ts';
import type { PatchbayError } from '../../../../shared/model/error.ts';
import { parseJsonDocument } from '../../files/json-document.ts';
import { findEntry } from '../entry.ts';
import { readConfig } from '../load-configs.ts';
import { findRunning } from '../running-clients.ts';
import { liveSessions } from './live-sessions.ts';
import { newTurn, takeBack, type ClientTurn, type Run, type RunFile } from './migration-run.ts';
import type { ProcessImage } from './process-control.ts';
import { proveClient } from './prove-client.ts';
import { startClient, stopClient, type Restarter } from './restart-client.ts';
import { writeClient } from './write-client.ts';
import type { ProbeResult } from '../witness-port.ts';

/** What one client's turn works on. */
export interface TurnInput {
  adapter: ClientAdapter;
  files: readonly RunFile[];
  before: ProbeResult[];
}

/**
 * One client from stop to proof: stopped where that was agreed, written, tried, and only when nothing is lost started
 * again; then its own handshake is waited for and its file is looked at once more, as it may have been written from a
 * memory of before (A17). Whatever happens, a client that we stopped is started again.
 */
export async function takeTurn(
  run: Run,
  { adapter, files, before }: TurnInput,
): Promise<{ turn: ClientTurn; failure: PatchbayError | null }> {
  const turn: ClientTurn = { ...newTurn(adapter), before };
  run.turns.push(turn);
  const mustNotRun = files.some(({ planned }) => planned.config.file.mustNotRun);
  const restarter = restarterOf(run);
  const stopped = mustNotRun && run.settings.restartable.has(adapter.id);
  let images: ProcessImage[] = [];
  if (stopped) {
    const found = await stopClient(restarter, adapter);
    images = found.images;
    if (found.stays !== null) turn.remarks.push(found.stays);
  }

  let written: RunFile[] = [];
  let failure: PatchbayError | null = null;
  let isKept = false;
  let arriving: Promise<unknown> | null = null;
  try {
    ({ written, failure } = await writeClient(run, files));
    if (failure && written.length === 0) turn.remarks.push(failure.message);
    isKept = written.length > 0 && (await isProven(run, turn, written));
  } finally {
    // Listening begins before the start: the first conversation may come at once.
    if (images.length > 0 && isKept) arriving = awaitArrival(run, turn, written);
    if (images.length > 0) await startAgain(restarter, turn, { adapter, images });
  }
  if (written.length === 0) return { turn, failure };
  if (isKept && mustNotRun) await lookAfterStart(run, turn, { adapter, written, arriving, images });
  if (turn.outcome !== 'put-back') turn.outcome = 'migrated';
  turn.sessions = await liveSessions(run.engine, adapter, await findRunning(run.engine));
  if (turn.sessions.length > 0) turn.restart = 'goes-on';
  return { turn, failure };
}

const restarterOf = ({ engine, settings, report }: Run): Restarter => ({
  engine,
  control: settings.control,
  timing: settings.timing,
  tell: (words) => report('write', 'started', words),
});

async function isProven(run: Run, turn: ClientTurn, written: readonly RunFile[]): Promise<boolean> {
  if (!run.settings.witness) return true;
  const lost = await proveClient(run, turn, written);
  if (lost.length === 0) {
    run.report('witness', 'finished', provenInWords(turn));
    return true;
  }
  run.report('witness', 'failed', lost.at(-1)!);
  await putBack(run, turn, { written, why: lost });
  return false;
}

async function putBack(
  run: Run,
  turn: ClientTurn,
  { written, why }: { written: readonly RunFile[]; why: readonly string[] },
): Promise<void> {
  const paths = new Set(written.map(({ record }) => record.path));
  turn.outcome = 'put-back';
  turn.remarks.push(...why);
  run.notes.push(...why);
  run.report('rollback', 'started', `Putting back ${[...paths].join(', ')}.`);
  const rows = await takeBack(run, paths);
  const stuck = rows.filter(({ result }) => result === 'conflict');
  const left = stuck.map(({ path, message }) => `${path} could not be put back: ${message ?? ''}`);
  turn.remarks.push(...left);
  run.notes.push(...left);
  const words = rows.map(({ path, result }) => `${path}: ${result}`).join(', ');
  run.report('rollback', stuck.length > 0 ? 'failed' : 'finished', words);
}

async function startAgain(
  restarter: Restarter,
  turn: ClientTurn,
  { adapter, images }: { adapter: ClientAdapter; images: readonly ProcessImage[] },
): Promise<void> {
  restarter.tell(`Starting ${adapter.name} again.`);
  const problem = await startClient(restarter, adapter, images);
  turn.restart = problem === null ? 'restarted' : 'not-started';
  if (problem !== null) turn.remarks.push(problem);
}

async function awaitArrival(
  { settings, report }: Run,
  turn: ClientTurn,
  written: readonly RunFile[],
): Promise<void> {
  const expected = serversOf(written);
  if (!settings.arrivals) {
    turn.remarks.push(
      `No hub could be asked whether ${turn.name} itself came to it: our own start is the proof.`,
    );
    return;
  }
  report('witness', 'started', `Waiting for ${turn.name} itself to come to the hub.`);
  const seen = await settings.arrivals.waitFor(turn.client, expected, settings.timing.arrivalMs);
  turn.arrived = seen && { expected, seen };
  const missing = expected.filter((server) => !seen?.some((arrived) => arrived.server === server));
  if (missing.length === 0) {
    report('witness', 'finished', `${turn.name} itself reached every server through the hub.`);
    return;
  }
  // Not a loss: a client that shows a login first, or starts a server when it is needed, comes later.
  const words = `${turn.name} itself did not come to the hub for ${missing.join(', ')} yet.`;
  turn.remarks.push(words);
  report('witness', 'finished', words);
}

const serversOf = (written: readonly RunFile[]): string[] => {
  const moves = written.flatMap(({ planned }) => planned.moves.filter(({ way }) => way !== 'merged'));
  return [...new Set(moves.map(({ server }) => server))];
};

/** Our entries must still be there once the client runs: it may have kept the file of before in memory. */
async function lookAfterStart(
  run: Run,
  turn: ClientTurn,
  {
    adapter,
    written,
    arriving,
    images,
  }: {
    adapter: ClientAdapter;
    written: readonly RunFile[];
    arriving: Promise<unknown> | null;
    images: readonly ProcessImage[];
  },
): Promise<void> {
  const runs = (await findRunning(run.engine)).of(adapter.id).length > 0;
  if (!runs && !arriving) return;
  if (!arriving) {
    const words = `${adapter.name} was started by somebody else while its config was written.`;
    turn.remarks.push(words);
    run.notes.push(`${words} If its servers do not come through Patchbay, quit it and migrate it again.`);
  }
  await (arriving ?? awaitArrival(run, turn, written));
  if (await stands(run, written)) return;
  const why = [`${adapter.name} has written its config of before over the migrated one.`];
  // What it wrote is whole; if anything of ours is left in it, it can be taken out only while the client is closed.
  const again = images.length > 0 ? await stopClient(restarterOf(run), adapter) : null;
  try {
    await putBack(run, turn, { written, why });
  } finally {
    if (again && again.images.length > 0)
      await startAgain(restarterOf(run), turn, { adapter, images: again.images });
  }
}

/** Whether every entry that was routed still leads to the hub, whatever else has changed in its file. */
async function stands({ engine }: Run, written: readonly RunFile[]): Promise<boolean> {
  for (const { planned } of written) {
    const { path } = planned.config.file;
    const bytes = await readConfig(engine.storage.files, path).catch(() => null);
    if (!bytes) return false;
    try {
      const { root } = parseJsonDocument(bytes, path);
      const moves = planned.moves.filter(({ way }) => way !== 'merged');
      if (!moves.every(({ table, name }) => findEntry(root, table, name)?.route)) return false;
    } catch {
      return false;
    }
  }
  return true;
}

function provenInWords({ name, parity }: ClientTurn): string {
  const silent = parity.filter((row) => row.toolsBefore === null && row.toolsAfter === null).length;
  const same = `Every server of ${name} answers with the same tools, prompts and resources as before.`;
  return silent === 0
    ? same
    : `${parity.length - silent} of ${parity.length} answer as before; ${silent} did not answer before and do not now.`;
}
