import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { connect } from 'node:net';
import type { contract } from '../../shared/contract/contract.ts';
import { ERROR_CODES, PatchbayError, type ErrorInfo } from '../../shared/model/error.ts';
import { portOverSocket } from '../hub/api/socket-port.ts';
import { PROTOCOL_VERSION } from '../hub/sessions/shim-protocol.ts';

export type HubApi = ContractRouterClient<typeof contract>;

export interface HubClient {
  api: HubApi;
  close(): void;
  /** Resolves when the hub is gone. */
  readonly closed: Promise<void>;
}

/** Connects to the hub on its local socket; null when none answers. */
export async function connectHub(address: string): Promise<HubClient | null> {
  const socket = connect(address);
  const isUp = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.setTimeout(2_000, () => resolve(false));
  });
  if (!isUp) {
    socket.destroy();
    return null;
  }
  socket.setTimeout(0);
  socket.on('error', () => socket.destroy());
  socket.write(`${JSON.stringify({ patchbay: PROTOCOL_VERSION, kind: 'api' })}\n`);
  const port = portOverSocket(socket, Buffer.alloc(0));
  // The link's type names the browser's port; it uses the same three members that ours has.
  const link = new RPCLink({ port: port as never, interceptors: [rethrowKnown] });
  return {
    api: createORPCClient(link),
    close: () => socket.destroy(),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
}

async function rethrowKnown<T>({ next }: { next(): Promise<T> }): Promise<T> {
  try {
    return await next();
  } catch (error) {
    throw asPatchbayError(error);
  }
}

/** The hub's ErrorInfo as the error it was. */
export function asPatchbayError(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return error;
  const { code, message, hint, path, line, column } = (error.data ?? {}) as Partial<ErrorInfo>;
  const known = ERROR_CODES.find((candidate) => candidate === code);
  if (!known) return new PatchbayError(error.code === 'BAD_REQUEST' ? 'USAGE' : 'INTERNAL', error.message);
  return new PatchbayError(known, message ?? error.message, { hint, path, line, column });
}
