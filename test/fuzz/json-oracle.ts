/** A JSON value with everything that JSON.parse loses: its text, its place, keys that stand twice. */
export interface Node {
  /** Characters `[start, end)` of the text. */
  start: number;
  end: number;
  value: unknown;
  /** Of an object, in their order. */
  members: { key: string; node: Node }[] | null;
  /** Of an array. */
  elements: Node[] | null;
  /** 1 for a value without another inside. */
  depth: number;
}

/**
 * Reads a text that JSON.parse accepts, in the plainest way there is: what the byte readers are held against must not
 * share their tricks. Null where JSON.parse throws.
 */
export function readJson(text: string): Node | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let at = 0;
  const space = (): void => {
    while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1;
  };
  const string = (): string => {
    const start = at;
    at += 1;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    return JSON.parse(text.slice(start, at)) as string;
  };
  const value = (): Node => {
    space();
    const node: Node = { start: at, end: at, value: null, members: null, elements: null, depth: 1 };
    if (text[at] === '{' || text[at] === '[') {
      const isObject = text[at] === '{';
      const close = isObject ? '}' : ']';
      if (isObject) node.members = [];
      else node.elements = [];
      at += 1;
      space();
      while (text[at] !== close) {
        let key = '';
        if (isObject) {
          key = string();
          space();
          at += 1;
        }
        const inner = value();
        if (isObject) node.members!.push({ key, node: inner });
        else node.elements!.push(inner);
        node.depth = Math.max(node.depth, inner.depth + 1);
        space();
        if (text[at] === ',') at += 1;
        space();
      }
      at += 1;
    } else if (text[at] === '"') {
      string();
    } else {
      while (/[-+.0-9a-zA-Z]/.test(text[at] ?? '')) at += 1;
    }
    node.end = at;
    node.value = JSON.parse(text.slice(node.start, at));
    return node;
  };
  return value();
}

/** The value of this key; the last where there are several, as JSON.parse has it. */
export const memberOf = (node: Node | undefined, key: string): Node | undefined =>
  node?.members?.findLast((member) => member.key === key)?.node;
