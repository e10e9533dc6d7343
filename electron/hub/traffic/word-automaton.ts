/** Finds many words in one pass, whatever their number (Aho and Corasick), as tables for a tight loop. */
export interface Automaton {
  /** By character code. */
  symbols: Uint8Array;
  /** By state and symbol; states are multiples of 64. */
  next: Uint16Array;
  /** From this state on something is found on arriving. */
  firstFound: number;
  /** By state / 64. */
  found: Uint16Array;
}

const SYMBOLS = 64;
/** As many as 16 bits can number. */
const MAX_STATES = 1_024;

interface State {
  value: number;
  depth: number;
  /** By symbol. */
  edges: Map<number, State>;
  /** The state of the longest end of this one that begins a word; null for the first state. */
  back: State | null;
  number: number;
}

/** A word to find. */
export interface Word {
  /** ASCII, lower case; every digit is written 0 and stands for any. */
  word: string;
  /** Bits that are set where it ends. */
  value: number;
}

/**
 * Builds the tables for some words, 63 different characters at most with `first`, whose characters get the symbols 1,
 * 2 … whether a word has them or not. Symbol 0 stands for every other character. Throws RangeError for more words than
 * the tables can hold, which is about a thousand characters.
 */
export function buildAutomaton(words: readonly Word[], first: string): Automaton {
  const alphabet = new Set(first.split(''));
  for (const { word } of words) for (const letter of word.split('')) alphabet.add(letter);
  const symbolOf = new Map([...alphabet].map((letter, index) => [letter, index + 1]));
  const root = growTree(words, symbolOf);
  const states = linkStates(root);
  if (alphabet.size >= SYMBOLS || states.length > MAX_STATES) throw new RangeError('too many words');
  const breadthFirst = [...states];
  states.sort((a, b) => Number(a.value !== 0) - Number(b.value !== 0) || a.depth - b.depth);
  for (const [index, state] of states.entries()) state.number = index * SYMBOLS;
  const next = new Uint16Array(states.length * SYMBOLS).fill(root.number);
  // A state goes where the one it falls back to goes, which is complete before it, but for edges of its own.
  for (const { number, edges, back } of breadthFirst) {
    if (back) next.copyWithin(number, back.number, back.number + SYMBOLS);
    for (const [symbol, target] of edges) next[number + symbol] = target.number;
  }
  return {
    symbols: Uint8Array.from({ length: 128 }, (_, code) => {
      const letter = String.fromCharCode(code).toLowerCase();
      return symbolOf.get(letter >= '0' && letter <= '9' ? '0' : letter) ?? 0;
    }),
    next,
    firstFound: states.findIndex(({ value }) => value !== 0) * SYMBOLS,
    found: Uint16Array.from(states, ({ value }) => value),
  };
}

function growTree(words: readonly Word[], symbolOf: ReadonlyMap<string, number>): State {
  const newState = (depth: number): State => ({ value: 0, depth, edges: new Map(), back: null, number: 0 });
  const root = newState(0);
  for (const { word, value } of words) {
    let state = root;
    for (const letter of word.split('')) {
      const symbol = symbolOf.get(letter)!;
      const target = state.edges.get(symbol) ?? newState(state.depth + 1);
      state.edges.set(symbol, target);
      state = target;
    }
    state.value |= value;
  }
  return root;
}

/** All states, breadth first, so that what a state falls back to is complete before it. */
function linkStates(root: State): State[] {
  const states = [root];
  for (const state of states) {
    state.value |= state.back?.value ?? 0;
    for (const [symbol, target] of state.edges) {
      target.back = state.back ? follow(state.back, symbol) : root;
      states.push(target);
    }
  }
  return states;
}

/** Where a symbol leads from a state. */
function follow(state: State, symbol: number): State {
  const target = state.edges.get(symbol);
  if (target) return target;
  return state.back ? follow(state.back, symbol) : state;
}
