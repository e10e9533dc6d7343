// OSC (up to BEL or ST; also unterminated) and the other string sequences first, because their introducers would
// pass for two-character sequences; then CSI and the rest of ECMA-48.
const ANSI =
  /\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\|$)|\u001B[PX^_][^\u001B]*(?:\u001B\\|$)|[\u001B\u009B]\[?[0-?]*[ -/]*[@-~]/g;

/** Terminal output without colours, cursor moves, titles and links; carriage-return progress keeps its last state. */
export function stripAnsi(text: string): string {
  const plain = text.replace(ANSI, '').replace(/\r+$/, '');
  return plain.slice(plain.lastIndexOf('\r') + 1);
}
