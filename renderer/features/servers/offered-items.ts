import { z } from 'zod';
import type { OfferedItem } from '../../../shared/model/server-tools.ts';

const Hints = z.object({
  readOnlyHint: z.boolean().optional().catch(undefined),
  destructiveHint: z.boolean().optional().catch(undefined),
  idempotentHint: z.boolean().optional().catch(undefined),
  openWorldHint: z.boolean().optional().catch(undefined),
});
export type ToolHint = keyof z.infer<typeof Hints>;

const Definition = z.looseObject({
  annotations: Hints.optional().catch(undefined),
  inputSchema: z.unknown().optional(),
});

/** What a row shows of a definition: what the tool says of itself, and its input schema as JSON text. */
export function readDefinition(definition: string | null): { hints: ToolHint[]; inputSchema: string | null } {
  let value: unknown = null;
  try {
    value = JSON.parse(definition ?? 'null');
  } catch {
    // Passed on byte for byte: a server may have written what is no JSON.
  }
  const parsed = Definition.safeParse(value);
  if (!parsed.success) return { hints: [], inputSchema: null };
  const { annotations = {}, inputSchema } = parsed.data;
  const hints = (Object.keys(Hints.shape) as ToolHint[]).filter((hint) => annotations[hint] === true);
  return { hints, inputSchema: inputSchema === undefined ? null : JSON.stringify(inputSchema) };
}

/** Items whose name, title or description holds every word. */
export function matchingItems<T extends OfferedItem>(items: readonly T[], filter: string): T[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  return items.filter(({ key, title, description }) => {
    const text = [key, title, description].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
