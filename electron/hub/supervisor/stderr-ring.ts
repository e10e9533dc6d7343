import type { StderrLine } from '../../../shared/model/server.ts';

/** A line longer than this is cut; a server that never ends its lines must not fill the ring with one. */
const MAX_LINE = 4_096;
const MAX_LINES = 500;

/**
 * The last lines a server wrote to stderr. Always drained, so that a child which floods stderr never blocks (B11);
 * old lines fall out and are counted.
 */
export class StderrRing {
  #lines: StderrLine[] = [];
  #rest = '';
  #decoder = new TextDecoder();
  dropped = 0;

  push(instanceId: string, chunk: Buffer, at: number): void {
    // A flood arrives in 64 KiB chunks: only its tail can survive anyway.
    const text = this.#rest + this.#decoder.decode(chunk, { stream: true });
    const parts = text.split(/\r?\n/);
    this.#rest = (parts.pop() ?? '').slice(0, MAX_LINE);
    if (parts.length > MAX_LINES) {
      this.dropped += parts.length - MAX_LINES;
      parts.splice(0, parts.length - MAX_LINES);
    }
    for (const part of parts) this.#lines.push({ at, instanceId, text: part.slice(0, MAX_LINE) });
    if (this.#lines.length > MAX_LINES) {
      this.dropped += this.#lines.length - MAX_LINES;
      this.#lines.splice(0, this.#lines.length - MAX_LINES);
    }
  }

  /** Oldest first; a last line without its end is included. */
  lines(): StderrLine[] {
    return this.#lines.slice();
  }

  /** The newest lines as text, for error messages. */
  tail(count: number): string {
    const texts = this.#lines.slice(Math.max(0, this.#lines.length - count)).map((line) => line.text);
    if (this.#rest !== '') texts.push(this.#rest);
    return texts.join('\n');
  }
}
