/** Where a text stops being JSON. Line and column count from 1; columns in UTF-16 units, as editors do. */
export interface JsonFault {
  message: string;
  offset: number;
  line: number;
  column: number;
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or close' | 'end';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const WHAT_IS_MISSING: Readonly<Record<Expected, string>> = {
  value: 'A value is missing.',
  'value or ]': 'A value or a closing ] is missing.',
  key: 'A key in double quotes is missing.',
  'key or }': 'A key in double quotes or a closing } is missing.',
  colon: 'A colon is missing.',
  'comma or close': 'A comma or a closing bracket is missing.',
  end: 'More text follows after the end.',
};

/**
 * The first thing that is wrong with a JSON text; null when it is JSON. `JSON.parse` says whether, this says where:
 * engines word their errors differently, and for short texts they name no place at all.
 */
export function findJsonFault(text: string): JsonFault | null {
  /** Of each open bracket whether it is an object; as deep as the text is, never on the call stack. */
  const open: boolean[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const afterValue = (): Expected => (open.length === 0 ? 'end' : 'comma or close');
  const fault = (offset: number, message: string = WHAT_IS_MISSING[expected]): JsonFault => ({
    message,
    ...placeOf(text, offset),
  });

  for (;;) {
    at = skipSpace(text, at);
    if (at >= text.length) return expected === 'end' ? null : fault(at);
    const char = text[at]!;
    const isObject = open.at(-1) === true;
    const isKey = expected.startsWith('key');
    if (expected === 'colon') {
      if (char !== ':') return fault(at);
      at += 1;
      expected = 'value';
    } else if (expected === 'comma or close') {
      if (char === ',') expected = isObject ? 'key' : 'value';
      else if (char === (isObject ? '}' : ']')) {
        open.pop();
        expected = afterValue();
      } else return fault(at);
      at += 1;
    } else if ((expected === 'key or }' && char === '}') || (expected === 'value or ]' && char === ']')) {
      open.pop();
      at += 1;
      expected = afterValue();
    } else if (char === '"' && expected !== 'end') {
      const string = readString(text, at);
      if ('message' in string) return fault(string.offset, string.message);
      at = string.end;
      expected = isKey ? 'colon' : afterValue();
    } else if (expected === 'value' || expected === 'value or ]') {
      if (char === '{' || char === '[') {
        open.push(char === '{');
        at += 1;
        expected = char === '{' ? 'key or }' : 'value or ]';
      } else {
        const end = endOfLiteral(text, at);
        if (end === -1) return fault(at);
        at = end;
        expected = afterValue();
      }
    } else return fault(at);
  }
}

/** The line and column of an offset. Lines end with LF, CRLF or CR. */
function placeOf(text: string, offset: number): Omit<JsonFault, 'message'> {
  let line = 1;
  let start = 0;
  for (let index = 0; index < offset; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== 10 && (code !== 13 || text.charCodeAt(index + 1) === 10)) continue;
    line += 1;
    start = index + 1;
  }
  return { offset, line, column: offset - start + 1 };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text[at]!)) at += 1;
  return at;
}

function endOfLiteral(text: string, from: number): number {
  for (const pattern of [NUMBER, WORD]) {
    pattern.lastIndex = from;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  return -1;
}

/** By hand: a pattern for strings of megabytes would outgrow the stack of the engine's matcher. */
function readString(text: string, from: number): { end: number } | { offset: number; message: string } {
  let at = from + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { end: at + 1 };
    if (code < 0x20) return { offset: at, message: 'A character stands here that must be escaped.' };
    if (code !== 0x5c) at += 1;
    else if ('"\\/bfnrt'.includes(text[at + 1] ?? ' ')) at += 2;
    else if (/^u[\da-fA-F]{4}$/.test(text.slice(at + 1, at + 6))) at += 6;
    else return { offset: at, message: 'An escape in a string is wrong.' };
  }
  return { offset: from, message: 'A string is not closed.' };
}
