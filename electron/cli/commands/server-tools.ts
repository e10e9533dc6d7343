import type {
  OfferedItem,
  OfferedTool,
  ServerOffer,
  ToolChange,
} from '../../../shared/model/server-tools.ts';
import type { HubApi } from '../../hub/api/hub-link.ts';
import { isSet } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';
import type { Output } from '../output.ts';

/**
 * `servers tools NAME`: what the server offers right now, asked by the hub, and which tools are not as they were
 * accepted. With `--accept` those are shown and agreed to; the server is not asked.
 */
export async function serverTools(context: Context, name: string): Promise<number> {
  const { output, line } = context;
  await withHub(context, async ({ api }) => {
    if (isSet(line, 'accept')) return await acceptChanges(output, api, name);
    const offer = await api.servers.tools({ name });
    const { changes } = await api.servers.toolChanges({ name });
    if (output.wantsJson) return output.json({ ...offer, changes });
    showOffer(output, offer);
    if (changes.length === 0) return;
    output.say();
    showChanges(output, changes);
    output.say(`To agree to this: patchbay servers tools ${name} --accept`);
  });
  return 0;
}

async function acceptChanges(output: Output, api: HubApi, name: string): Promise<void> {
  const { finding, changes } = await api.servers.toolChanges({ name });
  if (finding) await api.servers.acceptTools({ name, id: finding.id });
  if (output.wantsJson) return output.json({ server: name, accepted: changes });
  if (!finding) return output.say(`No tool of ${name} has changed.`);
  showChanges(output, changes);
  output.say(`Accepted: ${finding.count}`);
}

const KINDS: Readonly<Record<ToolChange['kind'], string>> = {
  changed: 'has changed',
  added: 'is new',
  removed: 'is gone',
};

function showChanges(output: Output, changes: readonly ToolChange[]): void {
  for (const { tool, kind, since, diff, isBack } of changes) {
    const back = isBack ? ', and is as accepted again' : '';
    output.say(`${tool} ${KINDS[kind]} since ${new Date(since).toISOString()}${back}`);
    // Without the head of two lines: the tool has just been named.
    for (const row of diff.trimEnd().split('\n').slice(2)) output.say(`  ${row}`);
    if (diff === '' && kind === 'changed') output.say('  Its definition was too long to be kept.');
  }
}

function showOffer(output: Output, offer: ServerOffer): void {
  const { server, asked, protocolVersion, leftOut } = offer;
  const who = asked === 'running' ? 'a running instance' : 'one started for this question';
  output.say(`${server}, asked just now of ${who}, protocol ${protocolVersion ?? 'unknown'}`);
  showList(output, 'tools', offer.tools, ruleWords);
  showList(output, 'prompts', offer.prompts);
  showList(output, 'resources', offer.resources);
  showList(output, 'resource templates', offer.templates);
  for (const problem of offer.problems) output.say(`Could not be had: ${problem}`);
  if (leftOut > 0) output.say(`${leftOut} definitions were left out: the answer was too large.`);
}

function showList<T extends OfferedItem>(
  output: Output,
  kind: string,
  items: readonly T[],
  mark: (item: T) => string = () => '',
): void {
  output.say();
  output.say(`${items.length} ${kind}`);
  output.table(
    items.map((item) => [`  ${item.key}`, mark(item), firstLine(item.description ?? item.title ?? '')]),
  );
}

/** What the tool rules of the catalog make of it. */
function ruleWords({ key, shownAs }: OfferedTool): string {
  if (shownAs === null) return '(hidden)';
  return shownAs === key ? '' : `→ ${shownAs}`;
}

const MAX_LINE = 120;

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0]!;
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}
