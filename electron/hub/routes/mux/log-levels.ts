import type { Attached } from './attached.ts';
import type { Upstream } from './upstream.ts';

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

/** True for a level the protocol knows. */
export const isLogLevel = (level: string): boolean => LEVELS.includes(level);

/** Whether a line of `level` is wanted by one who asked for `wanted`. A level nobody knows is shown. */
export const isWanted = (level: string | null, wanted: string): boolean =>
  level === null || !isLogLevel(level) || LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);

/**
 * The level of a legacy server is one for all its clients: it is set to the most verbose that any of them wants, and
 * each client's lines are sifted on the way to it.
 */
export class UpstreamLogLevel {
  readonly #upstream: Upstream;
  readonly #wanted = new Map<Attached, string>();
  #set: string | null = null;

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** The level it was set to; null while it decides by itself. */
  get current(): string | null {
    return this.#set;
  }

  /** Resolves when the server has heard of it. */
  async want(who: Attached, level: string): Promise<void> {
    this.#wanted.set(who, level);
    await this.#adjust();
  }

  drop(who: Attached): void {
    if (this.#wanted.delete(who)) void this.#adjust();
  }

  async #adjust(): Promise<void> {
    const upstream = this.#upstream;
    if (upstream.isClosed || upstream.era !== 'legacy' || !upstream.facts.capabilities.logging) return;
    const [most] = [...this.#wanted.values()].toSorted((a, b) => LEVELS.indexOf(a) - LEVELS.indexOf(b));
    if (most === undefined || most === this.#set) return;
    this.#set = most;
    try {
      await upstream.own.ask('logging/setLevel', JSON.stringify({ level: most }));
    } catch {
      // A server that refuses goes on as before.
    }
  }
}
