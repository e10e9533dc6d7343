import type { LegacyClient } from './legacy-client.ts';
import { listAll, type ListKind, type TimeLeft } from './list-all.ts';

/** Lists beside the tools, the capability that promises each, and how an item of it is called in a report. */
const LISTS: readonly (ListKind & { capability: string; label: string })[] = [
  {
    capability: 'prompts',
    label: 'prompt',
    method: 'prompts/list',
    member: 'prompts',
    key: 'name',
    words: 'prompts',
  },
  {
    capability: 'resources',
    label: 'resource',
    method: 'resources/list',
    member: 'resources',
    key: 'uri',
    words: 'resources',
  },
  {
    capability: 'resources',
    label: 'template',
    method: 'resources/templates/list',
    member: 'resourceTemplates',
    key: 'uriTemplate',
    words: 'resource templates',
  },
];

/**
 * Every prompt, resource and resource template that a server offers, as `prompt NAME`, `resource URI` or
 * `template URI` to the hash of the rest of its definition. Only what its handshake promises is asked for: some
 * servers never answer a method they do not know.
 */
export async function listFeatures(
  client: LegacyClient,
  offers: ReadonlySet<string>,
  timeLeft: TimeLeft,
): Promise<Map<string, string>> {
  const features = new Map<string, string>();
  for (const list of LISTS.filter(({ capability }) => offers.has(capability))) {
    for (const [key, hash] of await listAll(client, list, timeLeft))
      features.set(`${list.label} ${key}`, hash);
  }
  return features;
}
