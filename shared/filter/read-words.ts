/** One value of a word; positions include its quotes, `end` exclusive. */
export interface Value {
  text: string;
  isQuoted: boolean;
  isUnterminated: boolean;
  start: number;
  end: number;
}

/** One term before its field and values are understood. */
export interface Word {
  negated: boolean;
  /** As written, null for free text. */
  field: string | null;
  /** Position after the field name; `start` for free text. */
  fieldEnd: number;
  /** At least one; the last may be empty. */
  values: Value[];
  start: number;
  end: number;
}

/** Cuts a filter into its terms. Total: anything is some list of words. */
export function readWords(text: string): Word[] {
  const words: Word[] = [];
  let position = 0;
  for (;;) {
    while (position < text.length && isSpace(text[position]!)) position += 1;
    if (position >= text.length) return words;
    const word = readWord(text, position);
    words.push(word);
    position = word.end;
  }
}

function readWord(text: string, start: number): Word {
  const negated = text[start] === '-' && start + 1 < text.length && !isSpace(text[start + 1]!);
  const bodyStart = negated ? start + 1 : start;
  const field = /^[a-z][a-z0-9_-]*(?=:)/i.exec(text.slice(bodyStart))?.[0] ?? null;
  const fieldEnd = field === null ? bodyStart : bodyStart + field.length;
  let position = field === null ? bodyStart : fieldEnd + 1;
  const values: Value[] = [];
  for (;;) {
    // A comma separates values of a field; in free text it is a character like any other.
    const value = readValue(text, position, field !== null);
    values.push(value);
    position = value.end;
    if (field === null || text[position] !== ',') break;
    position += 1;
  }
  return { negated, field, fieldEnd, values, start, end: position };
}

function readValue(text: string, start: number, endsAtComma: boolean): Value {
  if (text[start] === '"') return readQuoted(text, start);
  let end = start;
  while (end < text.length && !isSpace(text[end]!) && !(endsAtComma && text[end] === ',')) end += 1;
  return { text: text.slice(start, end), isQuoted: false, isUnterminated: false, start, end };
}

function readQuoted(text: string, start: number): Value {
  let value = '';
  let position = start + 1;
  while (position < text.length) {
    const char = text[position]!;
    if (char === '"') {
      return { text: value, isQuoted: true, isUnterminated: false, start, end: position + 1 };
    }
    const next = text[position + 1];
    if (char === '\\' && (next === '"' || next === '\\')) {
      value += next;
      position += 2;
    } else {
      value += char;
      position += 1;
    }
  }
  return { text: value, isQuoted: true, isUnterminated: true, start, end: position };
}

const isSpace = (char: string): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';
