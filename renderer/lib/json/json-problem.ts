/** What is wrong with a text that should be JSON, and where; counted from 1 as editors do. */
export interface JsonProblem {
  kind:
    | 'end'
    | 'value'
    | 'key'
    | 'colon'
    | 'comma-or-brace'
    | 'comma-or-bracket'
    | 'after'
    | 'escape'
    | 'control'
    | 'depth';
  /** 0-based, in UTF-16 units. */
  position: number;
  line: number;
  column: number;
}

type Kind = JsonProblem['kind'];

const MAX_DEPTH = 10_000;
const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const BLANK = /[ \t\r\n]*/y;

/** Finds the first place where a text stops being JSON; null when it is JSON. Accepts exactly what JSON.parse does. */
export function findJsonProblem(text: string): JsonProblem | null {
  const found = scan(text);
  if (found === null) return null;
  const before = text.slice(0, found.position);
  const lines = before.split('\n');
  return { ...found, line: lines.length, column: lines.at(-1)!.length + 1 };
}

function scan(text: string): { kind: Kind; position: number } | null {
  const open: ('{' | '[')[] = [];
  let at = 0;
  let expects: 'value' | 'first-value' | 'first-key' | 'key' | 'comma' = 'value';
  const skip = (): void => {
    BLANK.lastIndex = at;
    BLANK.exec(text);
    at = BLANK.lastIndex;
  };
  const problem = (kind: Kind): { kind: Kind; position: number } => ({
    kind: at >= text.length ? 'end' : kind,
    position: at,
  });
  for (;;) {
    skip();
    const character = text[at];
    if (expects === 'comma') {
      const inside = open.at(-1);
      if (inside === undefined) return at < text.length ? problem('after') : null;
      if (character === (inside === '{' ? '}' : ']')) {
        open.pop();
        at += 1;
      } else if (character === ',') {
        at += 1;
        expects = inside === '{' ? 'key' : 'value';
      } else return problem(inside === '{' ? 'comma-or-brace' : 'comma-or-bracket');
      continue;
    }
    const isEmpty =
      (expects === 'first-key' && character === '}') || (expects === 'first-value' && character === ']');
    if (isEmpty) {
      open.pop();
      at += 1;
      expects = 'comma';
      continue;
    }
    if (expects === 'key' || expects === 'first-key') {
      if (character !== '"') return problem('key');
      const end = scanString(text, at);
      if (typeof end !== 'number') return end;
      at = end;
      skip();
      if (text[at] !== ':') return problem('colon');
      at += 1;
      expects = 'value';
      continue;
    }
    if (character === '{' || character === '[') {
      if (open.length >= MAX_DEPTH) return problem('depth');
      open.push(character);
      at += 1;
      expects = character === '{' ? 'first-key' : 'first-value';
      continue;
    }
    if (character === '"') {
      const end = scanString(text, at);
      if (typeof end !== 'number') return end;
      at = end;
    } else {
      LITERAL.lastIndex = at;
      const literal = LITERAL.exec(text)?.[0];
      if (literal === undefined) return problem('value');
      at += literal.length;
    }
    expects = 'comma';
  }
}

function scanString(text: string, start: number): number | { kind: Kind; position: number } {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') return at + 1;
    if (character < ' ') return { kind: 'control', position: at };
    if (character !== '\\') continue;
    const isEscape = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(text.slice(at + 1, at + 6));
    if (!isEscape) return { kind: at + 1 >= text.length ? 'end' : 'escape', position: at };
    at += 1;
  }
  return { kind: 'end', position: text.length };
}
