import type { OfferedItem, OfferedTool, ServerOffer } from '../../../shared/model/server-tools.ts';
import { withHub, type Context } from '../context.ts';
import type { Output } from '../output.ts';

/** `servers tools NAME`: what the server offers right now, asked by the hub. */
export async function serverTools(context: Context, name: string): Promise<number> {
  await withHub(context, async ({ api }) => {
    const offer = await api.servers.tools({ name });
    if (context.output.wantsJson) context.output.json(offer);
    else showOffer(context.output, offer);
  });
  return 0;
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
