import type { Page } from 'playwright/test';
import type { MigrationRun, StepReport } from '../../../shared/model/migration.ts';
import { steadyFigures, NOW } from './steady-figures.ts';
import type { Names } from './steady-names.ts';

interface Frame {
  i: string;
  p?: { u?: string; b?: { json?: never }; d?: { json?: never } };
}

/** What a picture may ask for beyond figures that hold still. */
export interface SteadyWire {
  /** Shows the last migration as it was when this step was the newest; null: as it is. */
  showRunAt(step: Pick<StepReport, 'client' | 'step' | 'state'> | null): void;
}

/**
 * Stands between the page and its hub, so that both show the same in each run: places and ids by `names`, figures by
 * `steadyFigures`, and the page's clock stands still. The hub, its servers and what they say stay real.
 */
export async function steadyWire(page: Page, names: Names): Promise<SteadyWire> {
  let newest: Parameters<SteadyWire['showRunAt']>[0] = null;
  // Not Playwright's clock: it also takes the place of the frames, which the following of the list's end relies on.
  await page.addInitScript((now) => {
    const { Date: RealDate } = globalThis;
    globalThis.Date = new Proxy(RealDate, {
      construct: (_, given: number[]) =>
        given.length === 0 ? new RealDate(now) : new RealDate(...(given as [number])),
      get: (real, key) => (key === 'now' ? () => now : (Reflect.get(real, key) as unknown)),
    });
  }, NOW);
  await page.routeWebSocket(/\/rpc$/, (socket) => {
    const hub = socket.connectToServer();
    const asked = new Map<string, { path: string; input: never }>();
    socket.onMessage((message) => {
      const frame = JSON.parse(String(message)) as Frame;
      if (frame.p?.u) asked.set(frame.i, { path: frame.p.u, input: frame.p.b?.json ?? ({} as never) });
      hub.send(names.toHub(inRealTime(frame)));
    });
    hub.onMessage((message) => {
      const frame = JSON.parse(names.toPage(String(message))) as Frame;
      const question = asked.get(frame.i);
      const holder = frame.p?.b ?? frame.p?.d;
      if (question && holder && 'json' in holder) {
        const answer = steadyFigures(question, holder.json ?? null) as never;
        holder.json = question.path === '/migration/run' && newest ? runUntil(answer, newest) : answer;
      }
      socket.send(JSON.stringify(frame));
    });
  });
  return { showRunAt: (step) => void (newest = step) };
}

/** The steps are over too soon for a picture: it is taken of what is known of them afterwards. */
function runUntil(run: MigrationRun, { client, step, state }: Pick<StepReport, 'client' | 'step' | 'state'>) {
  const last = run.steps.findIndex(
    (report) => report.client === client && report.step === step && report.state === state,
  );
  if (last < 0) throw new Error(`No step ${step} of ${client} was ${state}.`);
  return { ...run, steps: run.steps.slice(0, last + 1), outcome: { kind: 'running' } } as never;
}

/** Only shows other names; figures and clock stay. */
export async function namedWire(page: Page, names: Names): Promise<void> {
  await page.routeWebSocket(/\/rpc$/, (socket) => {
    const hub = socket.connectToServer();
    socket.onMessage((message) => hub.send(names.toHub(String(message))));
    hub.onMessage((message) => socket.send(names.toPage(String(message))));
  });
}

/** The histogram asks for moments of the page's clock. */
function inRealTime(frame: Frame): string {
  const ahead = Date.now() - NOW;
  const { u: path, b: body } = frame.p ?? {};
  if (path !== '/traffic/histogram' || !body) return JSON.stringify(frame);
  const input = body.json as unknown as { from: number; until: number };
  const json = { ...(input as object), from: input.from + ahead, until: input.until + ahead };
  return JSON.stringify({ ...frame, p: { ...frame.p, b: { ...body, json } } });
}
