import { StderrRing } from '../supervisor/stderr-ring.ts';

/** What is known of servers beside their live processes: their stderr, what went wrong last, how often they came back. */
export class ServerNotes {
  readonly #rings = new Map<string, StderrRing>();
  readonly #lastErrors = new Map<string, string>();
  readonly #failed = new Set<string>();
  readonly #restarts = new Map<string, number>();

  ring(server: string): StderrRing {
    let ring = this.#rings.get(server);
    if (!ring) this.#rings.set(server, (ring = new StderrRing()));
    return ring;
  }

  /** Remembers why a server is down. */
  fail(server: string, message: string): void {
    this.#failed.add(server);
    this.#lastErrors.set(server, message);
  }

  /** Something is wrong with a server that runs. */
  warn(server: string, message: string): void {
    this.#lastErrors.set(server, message);
  }

  /** It runs again; what was wrong last stays to be read. */
  runs(server: string): void {
    this.#failed.delete(server);
  }

  /** Somebody acted: start afresh. */
  forgive(server: string): void {
    this.#failed.delete(server);
    this.#lastErrors.delete(server);
  }

  countRestart(server: string): void {
    this.#restarts.set(server, this.restarts(server) + 1);
  }

  isFailed(server: string): boolean {
    return this.#failed.has(server);
  }

  lastError(server: string): string | null {
    return this.#lastErrors.get(server) ?? null;
  }

  restarts(server: string): number {
    return this.#restarts.get(server) ?? 0;
  }
}
