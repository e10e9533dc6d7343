import { editFrame } from '../hub/frames/edit-frame.ts';
import { readEnvelope } from '../hub/frames/read-envelope.ts';

/**
 * What has to be different in the frames between a client and a server that took over from a lost one: answers to
 * what was replayed are nobody's, answers to what the lost server had asked must not reach the new one, and where the
 * new one asks under the same id it gets another for the time being. Once nothing of that is left, bytes pass
 * untouched again.
 */
export class CarriedOver {
  /** Raw JSON ids of replayed requests. */
  readonly #replayed = new Set<string>();
  /** Raw JSON ids under which the client may still answer a server that is gone. */
  readonly #stale = new Set<string>();
  /** Ids the client was given instead of the server's own. */
  readonly #renamed = new Map<string, string>();
  #names = 0;

  /** The answers to these requests are kept from the client. */
  expect(ids: readonly string[]): void {
    this.#replayed.clear();
    for (const id of ids) this.#replayed.add(id);
  }

  /** The server is gone that had asked under these ids, which are the client's view of them. */
  forsake(ids: readonly string[]): void {
    for (const id of ids) this.#stale.add(id);
    this.#renamed.clear();
  }

  /** True while the answer to this one is still to come. */
  awaits(id: string): boolean {
    return this.#replayed.has(id);
  }

  /** True when frames of the server may pass unread. */
  get isServerClear(): boolean {
    return this.#replayed.size === 0 && this.#stale.size === 0;
  }

  /** True when frames of the client may pass unread. */
  get isClientClear(): boolean {
    return this.#stale.size === 0 && this.#renamed.size === 0;
  }

  /** The frame as the client gets it; null when it is not for the client. */
  fromServer(line: Buffer): Buffer | null {
    const envelope = readEnvelope(line);
    if (envelope === null) return line;
    const { kind, id, ranges, cancelsId } = envelope;
    if (cancelsId !== null && envelope.method === 'notifications/cancelled') {
      const name = this.#nameOf(cancelsId);
      return name === null
        ? line
        : editFrame(line, [{ start: ranges.requestId, end: ranges.requestIdEnd, with: name }]);
    }
    if (id === null) return line;
    if (kind === 'response') return this.#replayed.delete(id) ? null : line;
    if (!this.#stale.has(id)) return line;
    const name = `"patchbay-${(this.#names += 1)}"`;
    this.#renamed.set(name, id);
    return editFrame(line, [{ start: ranges.id, end: ranges.idEnd, with: name }]);
  }

  /** The frame as the server gets it; null when it is not for this server. */
  fromClient(line: Buffer): Buffer | null {
    const envelope = readEnvelope(line);
    if (envelope?.kind !== 'response' || envelope.id === null) return line;
    const { id, ranges } = envelope;
    if (this.#stale.delete(id)) return null;
    const own = this.#renamed.get(id);
    if (own === undefined) return line;
    this.#renamed.delete(id);
    return editFrame(line, [{ start: ranges.id, end: ranges.idEnd, with: own }]);
  }

  #nameOf(own: string): string | null {
    for (const [name, id] of this.#renamed) if (id === own) return name;
    return null;
  }
}
