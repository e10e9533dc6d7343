import type { EntryTable } from './client-adapter.ts';

/** The object under an own key; undefined for anything else, so that no inherited key (A09) passes for data. */
export function ownObject(parent: unknown, key: string): object | undefined {
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, key)) return undefined;
  const value: unknown = (parent as Record<string, unknown>)[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The top-level `mcpServers` table that both clients share. */
export function userTable(root: unknown): EntryTable[] {
  return ownObject(root, 'mcpServers') ? [{ keys: ['mcpServers'], scope: 'user' }] : [];
}
