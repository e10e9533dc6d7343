import type { ClientId } from '../../../shared/model/client.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { claudeCode } from './claude-code.ts';
import { claudeDesktop } from './claude-desktop.ts';
import type { ClientAdapter } from './client-adapter.ts';

/** The clients this build knows, in the order people see them. */
export interface ClientRegistry {
  readonly all: readonly ClientAdapter[];
  /** Throws NOT_SUPPORTED for a client without an adapter. */
  get(id: ClientId): ClientAdapter;
}

/** A new client is one more line here. Throws when two adapters claim one id. */
export function createClientRegistry(
  adapters: readonly ClientAdapter[] = [claudeDesktop, claudeCode],
): ClientRegistry {
  const byId = new Map<ClientId, ClientAdapter>();
  for (const adapter of adapters) {
    if (byId.has(adapter.id)) throw new Error(`Two client adapters have the id ${adapter.id}.`);
    byId.set(adapter.id, adapter);
  }
  return {
    all: [...adapters],
    get(id) {
      const adapter = byId.get(id);
      if (!adapter) throw new PatchbayError('NOT_SUPPORTED', `There is no adapter for the client ${id}.`);
      return adapter;
    },
  };
}
