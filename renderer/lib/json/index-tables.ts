/** Facts about one node as the indexer meets it. */
export interface NewNode {
  flags: number;
  parent: number;
  depth: number;
  start: number;
  keyStart: number;
}

/** Columns of numbers, one row per node: a million objects would cost ten times the memory and the garbage collector. */
export interface IndexTables {
  count: number;
  flags: Uint8Array;
  parent: Int32Array;
  depth: Int32Array;
  start: Int32Array;
  end: Int32Array;
  /** Node after the subtree. */
  next: Int32Array;
  children: Int32Array;
  keyStart: Int32Array;
  /** Appends a node and counts it at its parent. */
  add(node: NewNode): number;
}

const FIRST_SIZE = 64;

/** Empty tables that grow by doubling. */
export function createIndexTables(): IndexTables {
  const tables: IndexTables = {
    count: 0,
    flags: new Uint8Array(FIRST_SIZE),
    parent: new Int32Array(FIRST_SIZE),
    depth: new Int32Array(FIRST_SIZE),
    start: new Int32Array(FIRST_SIZE),
    end: new Int32Array(FIRST_SIZE),
    next: new Int32Array(FIRST_SIZE),
    children: new Int32Array(FIRST_SIZE),
    keyStart: new Int32Array(FIRST_SIZE),
    add({ flags, parent, depth, start, keyStart }) {
      const node = tables.count;
      if (node === tables.flags.length) grow(tables);
      tables.flags[node] = flags;
      tables.parent[node] = parent;
      tables.depth[node] = depth;
      tables.start[node] = start;
      tables.keyStart[node] = keyStart;
      if (parent !== -1) tables.children[parent] = tables.children[parent]! + 1;
      tables.count = node + 1;
      return node;
    },
  };
  return tables;
}

const COLUMNS = ['parent', 'depth', 'start', 'end', 'next', 'children', 'keyStart'] as const;

function grow(tables: IndexTables): void {
  const size = tables.flags.length * 2;
  const flags = new Uint8Array(size);
  flags.set(tables.flags);
  tables.flags = flags;
  for (const name of COLUMNS) {
    const column = new Int32Array(size);
    column.set(tables[name]);
    tables[name] = column;
  }
}
