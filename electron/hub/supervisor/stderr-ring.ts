import type { StderrLine } from '../../../shared/model/server.ts';

/** A line longer than this is cut; a server that never ends its lines must not fill the ring with one. */
const MAX_LINE = 4_096;
const MAX_LINES = 500;
/** Escape sequences of terminals, and control characters other than line ends. */
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f]/g;

/**
 * The last lines a server wrote to stderr. Always drained, so that a child which floods stderr never blocks (B11);
 * old lines fall out and are counted.
 */
export class StderrRing {
  #lines: StderrLine[] = [];
  /** Unfinished lines, by instance: what two write at the same time must not run together. */
  #open = new Map<string, { rest: string; decoder: InstanceType<typeof TextDecoder> }>();
  dropped = 0;

  push(instanceId: string, chunk: Buffer, at: number): void {
    let open = this.#open.get(instanceId);
    if (!open) this.#open.set(instanceId, (open = { rest: '', decoder: new TextDecoder() }));
    // A flood arrives in 64 KiB chunks: only its tail can survive anyway.
    const text = open.rest + open.decoder.decode(chunk, { stream: true });
    const parts = text.split(/\r?\n/);
    open.rest = (parts.pop() ?? '').slice(0, MAX_LINE);
    if (parts.length > MAX_LINES) {
      this.dropped += parts.length - MAX_LINES;
      parts.splice(0, parts.length - MAX_LINES);
    }
    this.#add(parts.map((part) => ({ at, instanceId, text: part.slice(0, MAX_LINE) })));
  }

  /** An instance has ended: its last line counts though it has no end. */
  end(instanceId: string, at: number): void {
    const rest = this.#open.get(instanceId)?.rest ?? '';
    this.#open.delete(instanceId);
    if (rest !== '') this.#add([{ at, instanceId, text: rest }]);
  }

  #add(lines: readonly StderrLine[]): void {
    this.#lines.push(...lines);
    if (this.#lines.length <= MAX_LINES) return;
    this.dropped += this.#lines.length - MAX_LINES;
    this.#lines.splice(0, this.#lines.length - MAX_LINES);
  }

  /** Oldest first; of whole lines. */
  lines(): StderrLine[] {
    return this.#lines.slice();
  }

  /** The newest lines of an instance, or of all, as text for error messages; an unfinished line is the newest. */
  tail(count: number, instanceId?: string): string {
    const own = this.#lines.filter((line) => instanceId === undefined || line.instanceId === instanceId);
    const texts = own.slice(Math.max(0, own.length - count)).map((line) => line.text);
    for (const [id, { rest }] of this.#open) {
      if (rest !== '' && (instanceId === undefined || id === instanceId)) texts.push(rest);
    }
    return texts.join('\n');
  }

  /** The newest thing an instance has written, without colours and what a progress bar drew before; '' for nothing. */
  newest(instanceId: string): string {
    const parts = this.tail(1, instanceId)
      .replaceAll(ESCAPES, '')
      .split(/[\r\n]/);
    return parts.findLast((part) => part.trim() !== '')?.trim() ?? '';
  }
}
