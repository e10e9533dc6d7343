/** The 16 bytes of a trace in lower-case hexadecimal: one trace per session, the same in every export. */
export const traceIdOf = (sessionId: string): string => hash(sessionId, [1, 2, 3, 4]);

/** The 8 bytes of a span. */
export const spanIdOf = (sessionId: string, exchange: number): string =>
  hash(`${sessionId} ${exchange}`, [5, 6]);

/** 32 bits for each seed. No secret depends on it; it only has to spread, and to be the same in hub and page. */
function hash(text: string, seeds: readonly number[]): string {
  const words = seeds.map((seed) => {
    let state = Math.imul(seed, 0x9e3779b1);
    for (let index = 0; index < text.length; index += 1) {
      state = Math.imul(state ^ text.charCodeAt(index), 0x85ebca6b);
      state = (state << 13) | (state >>> 19);
    }
    // The last steps of MurmurHash3: every bit of the state counts for every bit of the result.
    state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    return (state ^ (state >>> 16)) >>> 0;
  });
  const id = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  // All zeros is no id.
  return /^0+$/.test(id) ? id.replace(/0$/, '1') : id;
}
