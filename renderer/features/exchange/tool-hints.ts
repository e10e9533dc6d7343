import type { Exchange } from '../../../shared/model/exchange.ts';
import { filterTerm } from '../../lib/filter-text.ts';
import type { HubClient } from '../../lib/hub-link.ts';
import { indexJson } from '../../lib/json/json-index.ts';
import { memberAt, memberOf } from '../../lib/json/json-path.ts';
import { jsonChildren } from '../../lib/json/normal-json.ts';

/** What a tool says about itself; null where it says nothing. From outside: a hint, no promise. */
export interface ToolHints {
  readOnly: boolean | null;
  destructive: boolean | null;
  idempotent: boolean | null;
}

/** Pages of the newest lists that are looked at. */
const PAGES = 5;
/** Of each; a tool further down counts as unknown. */
const MAX_READ = 1_000_000;

/** The annotations of a tool in the text of a `tools/list` answer, cut or whole; null when the tool is not in it. */
export function toolHintsIn(text: string, tool: string): ToolHints | null {
  const index = indexJson(text.slice(0, MAX_READ));
  const tools = index ? memberAt(index, ['result', 'tools']) : -1;
  if (!index || tools === -1 || index.kind(tools) !== 'array') return null;
  for (const item of jsonChildren(index, tools)) {
    const name = memberOf(index, item, 'name');
    if (name === -1 || index.kind(name) !== 'string' || index.string(name) !== tool) continue;
    // Cut inside of it: what it would have said is unknown.
    if (index.isCut(item)) return null;
    const annotations = memberOf(index, item, 'annotations');
    const hint = (key: string): boolean | null => {
      const node = annotations === -1 ? -1 : memberOf(index, annotations, key);
      const raw = node === -1 ? '' : index.raw(node);
      return raw === 'true' ? true : raw === 'false' ? false : null;
    };
    return {
      readOnly: hint('readOnlyHint'),
      destructive: hint('destructiveHint'),
      idempotent: hint('idempotentHint'),
    };
  }
  return null;
}

/** Looks into the newest tool lists of the server in the log. Null when none has the tool. */
export async function findToolHints(
  client: HubClient,
  exchange: Exchange,
  signal: AbortSignal,
): Promise<ToolHints | null> {
  if (exchange.method !== 'tools/call' || exchange.tool === null) return null;
  const filter = `${filterTerm('server', exchange.server)} method:tools/list status:ok`;
  const { exchanges } = await client.traffic.list({ filter, limit: PAGES }, { signal });
  for (const { id } of exchanges) {
    const { response } = await client.traffic.get({ id }, { signal });
    const hints = response && toolHintsIn(response.text, exchange.tool);
    if (hints) return hints;
  }
  return null;
}
