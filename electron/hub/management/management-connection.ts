import type {
  ConnectionEvents,
  OutboundFrame,
  ServerConnection,
  ServerOpener,
  Sharing,
} from '../servers/server-connection.ts';
import { answerRequest, type RequestParams } from './management-protocol.ts';
import type { ManagementServices } from './management-tool.ts';

/** The built-in server's name: in URLs, in lists, as a prefix of its tools. */
const MANAGEMENT_NAME = 'patchbay';

/** JSON-RPC's own code for what is no request at all. */
const INVALID_REQUEST = -32_600;

/** The built-in server is meant, unless the catalog has a server of that name. */
export const isManagementServer = (name: string): boolean => name === MANAGEMENT_NAME;

/** One for all: it keeps nothing of its callers. */
const SHARING: Sharing = {
  isolation: 'shared',
  copies: 1,
  concurrency: 64,
  idleMs: 60_000,
  startTimeoutMs: 10_000,
  // Stopping a server may take its whole stop ladder.
  callTimeoutMs: 60_000,
};

/** An opener that also opens the built-in server; a catalog's own server of its name goes first. */
export function withManagement(
  opener: ServerOpener,
  services: ManagementServices,
  isInCatalog: (name: string) => boolean,
): ServerOpener {
  const isBuiltIn = (name: string): boolean => isManagementServer(name) && !isInCatalog(name);
  return {
    open: async (server, caller, events) =>
      isBuiltIn(server)
        ? { connection: createManagementConnection(services, events), instanceId: MANAGEMENT_NAME, pid: null }
        : await opener.open(server, caller, events),
    launchKey: (server, caller) =>
      isBuiltIn(server) ? `builtin:${MANAGEMENT_NAME}` : opener.launchKey(server, caller),
    sharing: (server) => (isBuiltIn(server) ? SHARING : opener.sharing(server)),
  };
}

/** The management server as a connection that answers by itself, in whichever era it is asked. */
export function createManagementConnection(
  services: ManagementServices,
  events: ConnectionEvents,
): ServerConnection {
  /** Requests whose answer is still wanted. */
  const open = new Set<number>();
  let isOpen = true;

  const answer = async (frame: {
    id: string | number;
    method: string;
    params: RequestParams;
  }): Promise<void> => {
    const { id, method, params } = frame;
    const number = typeof id === 'number' ? id : null;
    if (number !== null) open.add(number);
    const body = await answerRequest(services, method, params);
    if (!isOpen || (number !== null && !open.delete(number))) return;
    say({ id, ...body }, number);
  };
  const say = (message: Record<string, unknown>, request: number | null): void => {
    events.frame(Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message })), request, performance.now());
  };

  return {
    correlates: true,
    unsentBytes: 0,
    send(frame: Buffer, { request }: OutboundFrame) {
      if (!isOpen) return;
      const message = readMessage(frame);
      if (message === null) {
        // Never inside `send`: its caller has not noted the request yet.
        queueMicrotask(() => {
          if (isOpen)
            say({ id: request, error: { code: INVALID_REQUEST, message: 'This is no request.' } }, request);
        });
      } else if ('id' in message) void answer(message);
      else if (message.method === 'notifications/cancelled') open.delete(message.params.requestId as number);
    },
    abandon: (request) => void open.delete(request),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      open.clear();
      events.closed({ asked: true, reason: 'closed' });
    },
  };
}

type Message =
  | { id: string | number; method: string; params: RequestParams }
  | { method: string; params: RequestParams & { requestId?: unknown } };

/** Null for what is neither a request nor a notification. (No hot path: nobody manages a hub a thousand times a second.) */
function readMessage(frame: Buffer): Message | null {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('method' in value)) return null;
  const { id, method, params } = value as { id?: unknown; method: unknown; params?: unknown };
  if (typeof method !== 'string') return null;
  const known = typeof params === 'object' && params !== null ? params : {};
  if (id === undefined) return { method, params: known };
  return typeof id === 'string' || typeof id === 'number' ? { id, method, params: known } : null;
}
