import { isSecretName } from './redaction-keys.ts';
import { buildAutomaton } from './word-automaton.ts';

/*
 * Most texts hold no secret, so the question is asked first, in one pass and without making a string: an automaton
 * (Aho and Corasick) finds every beginning that a pattern cannot do without, and each `:`, `=` and `-` is looked at for
 * a secret name before or behind it. It may say yes too often, never no wrongly.
 */

/** What was found; a pattern that needs one of these cannot match without it. */
export const HINT = {
  privateKey: 1,
  header: 1 << 1,
  bearer: 1 << 2,
  basic: 1 << 3,
  webToken: 1 << 4,
  prefix: 1 << 5,
  aws: 1 << 6,
  telegram: 1 << 7,
  slack: 1 << 8,
  discord: 1 << 9,
  address: 1 << 10,
  at: 1 << 11,
  query: 1 << 12,
  /** A value with a secret name. */
  named: 1 << 13,
  /** JSON escapes other than white space and quotes: the text is not what it seems. */
  escaped: 1 << 14,
} as const;

const ADDRESS_WITH_NAME = HINT.address | HINT.at;

/** Whether a text with these hints can be left as it is. */
export function isHarmless(hints: number): boolean {
  const isPlainAddress = (hints & ADDRESS_WITH_NAME) !== ADDRESS_WITH_NAME;
  return (isPlainAddress ? hints & ~ADDRESS_WITH_NAME : hints) === 0;
}

/** By hint; lower case, every digit is written 0. */
const WORDS: readonly (readonly [hint: number, words: string])[] = [
  [HINT.privateKey, '-----begin'],
  [HINT.header, 'authorization cookie x-api-key'],
  [HINT.bearer, 'bearer'],
  [HINT.basic, 'basic'],
  [HINT.webToken, 'eyj'],
  [HINT.prefix, 'sk- rk_ sk_ pk_ whsec_ gho_ ghp_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- xox xapp-'],
  [
    HINT.prefix,
    'ya00. gocspx- npm_ pypi- hf_ gsk_ pplx- r0_ dop_v0_ doo_v0_ shpat shpss shpca shppa lin_api_',
  ],
  [HINT.prefix, 'ntn_ figd_ atatt0 dapi xai- sbp_ tvly- nvapi- age-secret-key-0 aiza dckr_pat_ pmak- sg.'],
  [HINT.aws, 'akia asia aroa aida'],
  [HINT.telegram, '00000000:'],
  [HINT.slack, 'hooks.slack'],
  [HINT.discord, 'discord'],
  [HINT.address, '://'],
  [HINT.at, '@'],
  [HINT.query, '?key= ?sig= ?signature= ?code= ?x-amz- ?x-goog-'],
  [HINT.query, '&key= &sig= &signature= &code= &x-amz- &x-goog-'],
  [HINT.query, ';key= ;sig= ;signature= ;code= ;x-amz- ;x-goog-'],
  [HINT.escaped, String.raw`\u \/`],
];

const DASH = 0x2d;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const TAB = 0x09;
const LETTER_T = 0x74;

/** What is looked at closely wherever it stands: the first symbols of the automaton. */
const CLOSELY = ':=-';

const { symbols, next, firstFound, found } = buildAutomaton(
  WORDS.flatMap(([hint, words]) => words.split(' ').map((word) => ({ word, value: hint }))),
  CLOSELY,
);

/** What [start, end) of a text holds; the text may be JSON, with its escapes. */
export function hintsIn(text: string, start: number, end: number): number {
  let state = 0;
  let hints = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    const symbol = code < 128 ? symbols[code]! : 0;
    state = next[state + symbol]!;
    if (state >= firstFound) hints |= found[state >> 6]!;
    if ((symbol - 1) >>> 0 >= CLOSELY.length) continue;
    const isNamed = code === DASH ? isOptionAt(text, start, at, end) : isNameBefore(text, start, at);
    if (isNamed) hints |= HINT.named;
  }
  return hints;
}

/** `name: `, `NAME=`, `"name": `, also with backslashes before the quote. */
function isNameBefore(text: string, start: number, separator: number): boolean {
  let end = spaceStart(text, start, separator);
  const quote = text.charCodeAt(end - 1);
  if (end > start && (quote === 0x22 || quote === 0x27)) end -= 1;
  while (end > start && text.charCodeAt(end - 1) === BACKSLASH) end -= 1;
  let from = end;
  while (from > start && isNamePart(text.charCodeAt(from - 1))) from -= 1;
  return isSecretRun(text, start, from, end);
}

/** Where the spaces and tabs before `end` begin; a tab may be the escape `\t`. */
function spaceStart(text: string, start: number, end: number): number {
  let at = end;
  for (;;) {
    const code = at > start ? text.charCodeAt(at - 1) : 0;
    if (code === SPACE || code === TAB) at -= 1;
    else if (code === LETTER_T && at - 2 >= start && text.charCodeAt(at - 2) === BACKSLASH) at -= 2;
    else return at;
  }
}

/** `--name value`, `-name value`. */
function isOptionAt(text: string, start: number, dash: number, limit: number): boolean {
  const before = dash > start ? text.charCodeAt(dash - 1) : SPACE;
  if (before === DASH) return false;
  // The letter of an escape, `\n--token`, is no part of a word.
  if (isNamePart(before) && !(dash - 2 >= start && text.charCodeAt(dash - 2) === BACKSLASH)) return false;
  const from = text.charCodeAt(dash + 1) === DASH ? dash + 2 : dash + 1;
  let end = from;
  while (end < limit && isNamePart(text.charCodeAt(end))) end += 1;
  const after = end < limit ? text.charCodeAt(end) : SPACE;
  return (after === SPACE || after === TAB || after === BACKSLASH) && isSecretRun(text, from, from, end);
}

/** A name [from, end), which begins with the letter of an escape when a backslash stands before it. */
function isSecretRun(text: string, start: number, from: number, end: number): boolean {
  const length = end - from;
  if (length < 3 || length > 65) return false;
  if (isSecretName(text.slice(from, end))) return true;
  return from > start && text.charCodeAt(from - 1) === BACKSLASH && isSecretName(text.slice(from + 1, end));
}

const isNamePart = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === DASH ||
  code === 0x5f ||
  code === 0x2e;
