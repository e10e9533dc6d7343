import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { PatchbayError, type ErrorCode } from '../../../shared/model/error.ts';
import { duplicateKey } from './json-node.ts';
import { nestingTooDeepAt } from './json-nesting.ts';
import { parseErrorText } from './json-parse-errors.ts';
import type { EncodedText } from './splice.ts';
import { positionAt, type Position } from './text-position.ts';

/** Larger or deeper files are damaged or no configs, and would block us for seconds (A20). */
export const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
export const MAX_CONFIG_DEPTH = 200;

/**
 * A JSON file with the place of everything in it. Comments and trailing commas are accepted, a byte order mark is
 * part of the text. `root` is null for a file that is empty, blank or `null`: to its reader, a config without
 * anything in it.
 */
export interface JsonDocument extends EncodedText {
  readonly path: string;
  readonly root: Node | null;
}

const BOM = '\uFEFF';

/**
 * Throws CONFIG_TOO_LARGE, CONFIG_ENCODING, CONFIG_MALFORMED or CONFIG_DUPLICATE_KEY, with line and column where
 * there is one.
 */
export function parseJsonDocument(bytes: Uint8Array, path: string): JsonDocument {
  const fail = (code: ErrorCode, what: string, at?: Position): PatchbayError =>
    new PatchbayError(
      code,
      at ? `${path}, line ${at.line}, column ${at.column}: ${what}` : `${path}: ${what}`,
      {
        path,
        ...at,
        hint: HINTS[code] ?? 'Mend the file and try again; Patchbay has not touched it.',
      },
    );

  if (bytes.length > MAX_CONFIG_BYTES) throw fail('CONFIG_TOO_LARGE', 'The file is larger than 8 MB.');
  const text = decode(bytes, (what) => fail('CONFIG_ENCODING', what));
  // One unit for one unit, so that offsets in the tree are offsets in the text.
  const json = text.startsWith(BOM) ? ` ${text.slice(1)}` : text;

  const deep = nestingTooDeepAt(json, MAX_CONFIG_DEPTH);
  if (deep !== null) {
    const what = `Objects and lists are nested more than ${MAX_CONFIG_DEPTH} deep.`;
    throw fail('CONFIG_TOO_LARGE', what, positionAt(text, deep));
  }

  const errors: ParseError[] = [];
  const root = parseTree(json, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first) throw fail('CONFIG_MALFORMED', parseErrorText(first.error), positionAt(text, first.offset));
  if (!root || root.type === 'null') {
    // jsonc-parser calls a file of comments empty; to a client that is not JSON.
    if (!root && json.trim() !== '')
      throw fail('CONFIG_MALFORMED', 'A value is missing.', positionAt(text, 0));
    return { path, text, bytes, root: null };
  }
  if (root.type !== 'object') {
    throw fail('CONFIG_MALFORMED', 'The file must hold one JSON object.', positionAt(text, root.offset));
  }
  const twice = duplicateKey(root);
  if (twice) {
    const [one, two] = twice.offsets.map((offset) => positionAt(text, offset));
    const what = `The key ${JSON.stringify(twice.key)} stands there twice, on line ${one!.line} and line ${two!.line}.`;
    throw fail('CONFIG_DUPLICATE_KEY', what, two);
  }
  return { path, text, bytes, root };
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  CONFIG_TOO_LARGE: 'It is damaged or no config; Patchbay leaves it alone.',
  CONFIG_ENCODING: 'Save it as UTF-8 and try again.',
  CONFIG_DUPLICATE_KEY: 'Which of the two counts differs between programs: delete one and try again.',
};

function decode(bytes: Uint8Array, fail: (what: string) => PatchbayError): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw fail('The file is UTF-16; clients read UTF-8.');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (Buffer.from(text).equals(bytes)) return text;
  } catch {
    // Not UTF-8.
  }
  throw fail('The file is not UTF-8 text.');
}
