import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { PatchbayError } from '../../../shared/model/error.ts';
import { ServerDefinition } from '../../../shared/model/server.ts';

/** Servers by name, in file order. */
export type Catalog = ReadonlyMap<string, ServerDefinition>;

/** Reads the ecosystem's `{"mcpServers": {name: …}}` and the list form `{"servers": [{name, …}]}`. */
export function parseCatalog(text: string, file: string): Catalog {
  if (text.trim() === '') return new Map();
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const place = (offset: number): { line: number; column: number } => positionOf(text, offset);
  const [first] = errors;
  if (first || root?.type !== 'object') {
    const what = first ? `${printParseErrorCode(first.error)}.` : 'It must be one JSON object.';
    throw invalid(file, what, place(first?.offset ?? 0));
  }

  const catalog = new Map<string, ServerDefinition>();
  const add = (name: string, node: Node, value: unknown): void => {
    if (catalog.has(name))
      throw invalid(file, `The server ${JSON.stringify(name)} stands there twice.`, place(node.offset));
    const parsed = ServerDefinition.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const at = (issue && findNodeAtLocation(node, issue.path as (string | number)[])) ?? node;
      const field = issue?.path.join('.') ?? '';
      throw invalid(
        file,
        `Server ${JSON.stringify(name)}${field ? `, ${field}` : ''}: ${issue?.message}.`,
        place(at.offset),
      );
    }
    if (parsed.data.command === undefined && parsed.data.url === undefined) {
      throw invalid(
        file,
        `Server ${JSON.stringify(name)} has neither "command" nor "url".`,
        place(node.offset),
      );
    }
    catalog.set(name, parsed.data);
  };

  for (const [key, table] of members(root)) {
    if (key === 'mcpServers') {
      if (table.type !== 'object')
        throw invalid(file, '"mcpServers" must be an object.', place(table.offset));
      for (const [name, node] of members(table)) add(name, node, plain(node));
    } else if (key === 'servers') {
      if (table.type !== 'array') throw invalid(file, '"servers" must be a list.', place(table.offset));
      for (const node of table.children ?? []) {
        const { name, ...rest } = (plain(node) ?? {}) as { name?: unknown };
        if (typeof name !== 'string' || name === '') {
          throw invalid(file, 'Every item of "servers" needs a "name".', place(node.offset));
        }
        add(name, node, rest);
      }
    }
  }
  return catalog;
}

function* members(node: Node): Generator<[string, Node]> {
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key && value) yield [String(key.value), value];
  }
}

/** The value of a node. Keys such as `__proto__` become own properties, never prototypes. */
function plain(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain);
  if (node.type !== 'object') return node.value;
  const object: Record<string, unknown> = {};
  for (const [key, value] of members(node)) {
    Object.defineProperty(object, key, {
      value: plain(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before[before.length - 1]!.length + 1 };
}

/** CATALOG_INVALID with path, line and column. */
export function invalid(
  file: string,
  message: string,
  position: { line?: number; column?: number } = {},
): PatchbayError {
  const where = position.line === undefined ? '' : ` line ${position.line}, column ${position.column}:`;
  return new PatchbayError('CATALOG_INVALID', `${file}:${where} ${message}`, {
    path: file,
    ...position,
    hint: 'Mend the file; Patchbay goes on with the last good one.',
  });
}
