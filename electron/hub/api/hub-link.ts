import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../../shared/contract/contract.ts';
import { ERROR_CODES, PatchbayError, type ErrorInfo } from '../../../shared/model/error.ts';

/** The hub's whole contract, as the window, the command line and the demo have it. */
export type HubApi = ContractRouterClient<typeof contract>;

/** A caller's end of a connection to the hub. */
export interface HubLink {
  /** Calls reject with PatchbayError; with HUB_NOT_RUNNING when the connection is over, under way or later. */
  readonly api: HubApi;
  /** Resolves when the connection is over, from whichever side. */
  readonly closed: Promise<void>;
  /** Ends it. Safe to call twice. */
  close(): void;
}

/** What a link needs of a port besides what the library takes; MessagePortMain and Node's MessagePort fit. */
export interface LinkPort {
  on(event: 'close', listener: () => void): unknown;
}

/**
 * Calls the hub over a port. `closePort` closes our end; ports that must be started are started by the caller. A
 * library's call on a closed port would wait for ever, and some ports do not hear of their own closing.
 */
export function linkToHub(port: LinkPort, closePort: () => void): HubLink {
  const over = new AbortController();
  let markClosed = (): void => {};
  const closed = new Promise<void>((resolve) => (markClosed = resolve));
  const end = (): void => {
    over.abort(new PatchbayError('HUB_NOT_RUNNING', 'The connection to the hub was lost.'));
    markClosed();
  };
  // Before the library listens: the first to hear of the end says why calls fail.
  port.on('close', end);
  // The link's type names the browser's port; it uses three members that all ports have.
  const link = new RPCLink({ port: port as never, interceptors: [rethrowKnown] });
  return {
    api: createORPCClient({
      call: (path, input, options) =>
        link.call(path, input, {
          ...options,
          signal: options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal,
        }),
    }),
    closed,
    close() {
      end();
      closePort();
    },
  };
}

async function rethrowKnown<T>({ next }: { next(): Promise<T> }): Promise<T> {
  try {
    const output = await next();
    return isStream(output) ? withKnownErrors(output) : output;
  } catch (error) {
    throw asPatchbayError(error);
  }
}

const isStream = (output: unknown): output is AsyncIterator<unknown> & AsyncIterable<unknown> =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

/** The stream itself, whose failure comes with one of its parts and not with the call. */
function withKnownErrors<T extends AsyncIterator<unknown>>(stream: T): T {
  const next = stream.next.bind(stream);
  stream.next = async () => {
    try {
      return await next();
    } catch (error) {
      throw asPatchbayError(error);
    }
  };
  return stream;
}

/** The hub's ErrorInfo as the error it was. */
export function asPatchbayError(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return error;
  const { code, message, hint, path, line, column } = (error.data ?? {}) as Partial<ErrorInfo>;
  const known = ERROR_CODES.find((candidate) => candidate === code);
  if (!known) return new PatchbayError(error.code === 'BAD_REQUEST' ? 'USAGE' : 'INTERNAL', error.message);
  return new PatchbayError(known, message ?? error.message, { hint, path, line, column });
}
