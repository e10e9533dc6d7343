import type { Exchange, ExchangeContext, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { ExchangeLog } from '../../lib/exchange-log.ts';
import type { HubServices } from '../../lib/hub-context.tsx';
import { HubData } from '../../lib/hub-data.ts';
import type { HubClient, HubLink, LinkState } from '../../lib/hub-link.ts';
import { TrafficFeed } from '../../lib/traffic-feed.ts';
import { messages } from '../../messages/messages.ts';
import type { OpenedFile } from './opened-file.ts';

const NEARBY_MS = 30_000;
const MAX_NEARBY = 50;
const MAX_SAME_TOOL = 20;
const MAX_MESSAGES = 200;

/** What happened around an exchange, as far as its file tells: no stderr and no readings are in it. */
export function contextIn({ rows, details }: OpenedFile, { exchange }: ExchangeDetail): ExchangeContext {
  const end = exchange.at + (exchange.durationMs ?? 0);
  const others = rows.filter(({ id }) => id !== exchange.id);
  const ofSession = others.filter(({ sessionId }) => sessionId === exchange.sessionId);
  const isMessage = (row: Exchange): boolean =>
    row.direction !== exchange.direction && row.at >= exchange.at && row.at <= end;
  return {
    messages: ofSession
      .filter((row) => row.server === exchange.server && isMessage(row))
      .slice(0, MAX_MESSAGES)
      .map((row) => ({ exchange: row, body: details.get(row.id)?.request ?? null })),
    nearby: ofSession
      .filter((row) => row.kind === 'request' && Math.abs(row.at - exchange.at) <= NEARBY_MS)
      .slice(0, MAX_NEARBY),
    sameTool: others
      .filter(
        (row) =>
          row.id < exchange.id &&
          row.server === exchange.server &&
          row.method === exchange.method &&
          row.tool === exchange.tool,
      )
      .slice(-MAX_SAME_TOOL),
    stderr: [],
    usage: [],
  };
}

/** Services that answer from a file, for whoever shows one exchange. What would change something is refused. */
export interface FileHub extends HubServices {
  dispose(): void;
}

/** Makes them for one file. */
export function createFileHub(file: OpenedFile): FileHub {
  // The same object each time: another one would look like another connection.
  const state: LinkState = { phase: 'connected', client: clientOf(file) };
  const link: HubLink = {
    state: () => state,
    subscribe: () => () => {},
    retry() {},
    dispose() {},
  };
  const log = new ExchangeLog(window, { capacity: file.rows.length + 1 });
  log.prepend(file.rows);
  const traffic = new TrafficFeed(link, log);
  const data = new HubData(link);
  return {
    link,
    data,
    traffic,
    dispose() {
      traffic.dispose();
      data.dispose();
    },
  };
}

type Procedures = Record<string, (input: never, options: { signal: AbortSignal }) => unknown>;

function clientOf(file: OpenedFile): HubClient {
  const detailOf = ({ id }: { id: number }): ExchangeDetail => {
    const detail = file.details.get(id);
    if (!detail) throw new PatchbayError('NOT_FOUND', messages.traffic.file.notInFile);
    return detail;
  };
  const procedures: Record<string, Procedures> = {
    traffic: {
      get: async (input: { id: number }) => detailOf(input),
      context: async (input: { id: number }) => contextIn(file, detailOf(input)),
      annotations: async () => [],
      list: async () => ({ exchanges: [], more: false }),
      live: async (_input, { signal }) => untilAborted(signal),
    },
    hub: { watch: async (_input, { signal }) => untilAborted(signal) },
  };
  return refusing(procedures);
}

/** Every procedure of the contract: the known ones, and a refusal for all others. */
function refusing(known: Record<string, Procedures>): HubClient {
  const refuse = (): Promise<never> =>
    Promise.reject(new PatchbayError('NOT_SUPPORTED', messages.traffic.file.cannotChange));
  return new Proxy(
    {},
    {
      get: (_target, group: string) =>
        new Proxy({}, { get: (_none, name: string) => known[group]?.[name] ?? refuse }),
    },
    // Whatever is asked for is answered or refused, as the type of the contract promises.
  ) as HubClient;
}

// oxlint-disable-next-line require-yield -- nothing ever happens in a file
async function* untilAborted(signal: AbortSignal): AsyncGenerator<never> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
