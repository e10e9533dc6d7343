import { editFrame } from '../../../frames/edit-frame.ts';
import { findMember } from '../../../frames/find-member.ts';
import { changeMembers } from '../../../frames/edit-members.ts';

/** A tool of a legacy list as a modern client wants it: `execution` belonged to the tasks of that era only. */
export function asModernTool(tool: Buffer): Buffer {
  const edits = changeMembers(tool, 0, { execution: null });
  return edits.length === 0 ? tool : editFrame(tool, edits);
}

/** True for a tool whose structured results are no objects, which the legacy era does not allow. */
export function hasNonObjectOutput(tool: Buffer): boolean {
  const schema = findMember(tool, 0, 'outputSchema');
  if (!schema) return false;
  const type = findMember(tool, schema.start, 'type');
  return !type || tool.toString('utf8', type.start, type.end) !== '"object"';
}

/**
 * A tool of a modern list as a legacy client wants it. A schema whose root is no object is shown as an object with
 * one property `result`; the results of such a tool are wrapped in the same way.
 */
export function asLegacyTool(tool: Buffer): Buffer {
  if (!hasNonObjectOutput(tool)) return tool;
  const { start, end } = findMember(tool, 0, 'outputSchema')!;
  const schema = JSON.parse(tool.toString('utf8', start, end)) as unknown;
  return editFrame(tool, [{ start, end, with: JSON.stringify(wrapSchema(schema)) }]);
}

/** Definitions move to the new root, so that pointers to them stay right; a pointer to the old root follows it down. */
function wrapSchema(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return { type: 'object', properties: { result: schema }, required: ['result'] };
  }
  const { $schema, $defs, definitions, ...rest } = schema as Record<string, unknown>;
  return {
    ...($schema === undefined ? {} : { $schema }),
    type: 'object',
    properties: { result: moveRefs(rest) },
    required: ['result'],
    ...($defs === undefined ? {} : { $defs: moveRefs($defs) }),
    ...(definitions === undefined ? {} : { definitions: moveRefs(definitions) }),
  };
}

/** Keywords whose values are data: a `$ref` inside is no pointer. */
const DATA_KEYWORDS: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);

function moveRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moveRefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (DATA_KEYWORDS.has(key)) return [key, inner];
      if (key !== '$ref' || typeof inner !== 'string') return [key, moveRefs(inner)];
      const stays = !inner.startsWith('#') || /^#\/(\$defs|definitions)(\/|$)/.test(inner);
      return [key, stays ? inner : `#/properties/result${inner.slice(1)}`];
    }),
  );
}
