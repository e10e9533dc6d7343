/** Member of a `subscriptions/listen` filter by list. */
const KINDS = { tools: 'toolsListChanged', prompts: 'promptsListChanged', resources: 'resourcesListChanged' };

/**
 * The notifications that tell a client, on the stream of its open `subscriptions/listen` request of this raw JSON id,
 * that the lists it listens for may have changed.
 */
export function subscribedListChanges(id: string, listen: Buffer): Buffer[] {
  const wanted = filterOf(listen);
  const params = `{"_meta":{"io.modelcontextprotocol/subscriptionId":${id}}}`;
  return Object.entries(KINDS).flatMap(([kind, member]) =>
    wanted[member] === true
      ? [Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${kind}/list_changed","params":${params}}`)]
      : [],
  );
}

function filterOf(listen: Buffer): Record<string, unknown> {
  try {
    const { params } = JSON.parse(listen.toString('utf8')) as {
      params?: { notifications?: Record<string, unknown> | null };
    };
    return params?.notifications ?? {};
  } catch {
    return {};
  }
}
