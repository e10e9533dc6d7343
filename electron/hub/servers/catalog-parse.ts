import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { z } from 'zod';
import { PatchbayError } from '../../../shared/model/error.ts';
import { Profile, ServerDefinition, type Isolation } from '../../../shared/model/server.ts';
import { launchTexts } from './fill-in-definition.ts';
import { templatesIn, type Template } from './resolve-variables.ts';

/** Servers by name, in file order. */
export type Catalog = ReadonlyMap<string, ServerDefinition>;

/** All that the catalog file says. */
export interface CatalogContent {
  servers: Catalog;
  /** By name, in file order. */
  profiles: ReadonlyMap<string, Profile>;
}

/** Reads the ecosystem's `{"mcpServers": {name: …}}` and the list form `{"servers": [{name, …}]}`. */
export const parseCatalog = (text: string, file: string): Catalog => parseCatalogContent(text, file).servers;

/** The same with `{"profiles": {name: …}}`. Throws CATALOG_INVALID with path, line, column and the field. */
export function parseCatalogContent(text: string, file: string): CatalogContent {
  const servers = new Map<string, ServerDefinition>();
  const profiles = new Map<string, Profile>();
  if (text.trim() === '') return { servers, profiles };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const refuse = (message: string, offset: number): never => {
    throw invalid(file, message, positionOf(text, offset));
  };
  const [first] = errors;
  if (first) refuse(`${printParseErrorCode(first.error)}.`, first.offset);
  if (root?.type !== 'object') return refuse('It must be one JSON object.', 0);

  const check = <T>(schema: z.ZodType<T>, label: string, node: Node, value: unknown): T => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const at = (issue && findNodeAtLocation(node, issue.path as (string | number)[])) ?? node;
    const field = issue?.path.join('.') ?? '';
    return refuse(`${label}${field ? `, ${field}` : ''}: ${issue?.message}.`, at.offset);
  };
  const addServer = (name: string, node: Node, value: unknown): void => {
    const label = `Server ${JSON.stringify(name)}`;
    if (servers.has(name)) refuse(`The server ${JSON.stringify(name)} stands there twice.`, node.offset);
    const definition = check(ServerDefinition, label, node, value);
    if (definition.command === undefined && definition.url === undefined) {
      refuse(`${label} has neither "command" nor "url".`, node.offset);
    }
    const template = tooNarrow(definition);
    if (template) {
      const isolation = findNodeAtLocation(node, ['isolation']) ?? node;
      refuse(
        `${label}, isolation: "${definition.isolation}" shares one process between several, so its definition cannot hold {${template}}.`,
        isolation.offset,
      );
    }
    servers.set(name, definition);
  };

  for (const [key, table] of members(root)) {
    if (key === 'mcpServers') {
      if (table.type !== 'object') refuse('"mcpServers" must be an object.', table.offset);
      for (const [name, node] of members(table)) addServer(name, node, plain(node));
    } else if (key === 'servers') {
      if (table.type !== 'array') refuse('"servers" must be a list.', table.offset);
      for (const node of table.children ?? []) {
        const { name, ...rest } = (plain(node) ?? {}) as { name?: unknown };
        if (typeof name !== 'string' || name === '')
          return refuse('Every item of "servers" needs a "name".', node.offset);
        addServer(name, node, rest);
      }
    } else if (key === 'profiles') {
      if (table.type !== 'object') refuse('"profiles" must be an object.', table.offset);
      for (const [name, node] of members(table)) {
        const label = `Profile ${JSON.stringify(name)}`;
        if (profiles.has(name))
          refuse(`The profile ${JSON.stringify(name)} stands there twice.`, node.offset);
        profiles.set(name, check(Profile, label, node, plain(node)));
      }
    }
  }
  return { servers, profiles };
}

/** Templates that differ between those who share one process. */
const NARROWER: Readonly<Record<Isolation, readonly Template[]>> = {
  session: [],
  client: ['SESSION_ID'],
  user: ['SESSION_ID', 'CLIENT_ID'],
  shared: ['SESSION_ID', 'CLIENT_ID', 'USER_ID'],
};

function tooNarrow(definition: ServerDefinition): Template | undefined {
  const held = new Set(launchTexts(definition).flatMap(templatesIn));
  return NARROWER[definition.isolation ?? 'session'].find((template) => held.has(template));
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
