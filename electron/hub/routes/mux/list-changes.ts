import type { ChangedList } from './attached.ts';

/** Servers tell of several changes at once, four to seven right after their start. */
const GATHER_MS = 50;

/** Gathers what changed for a moment and tells of each list once; a server that never stops tells every 50 ms (B12). */
export class ListChanges {
  readonly #changed = new Set<ChangedList>();
  readonly #tell: (list: ChangedList) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (list: ChangedList) => void) {
    this.#tell = tell;
  }

  note(list: ChangedList): void {
    this.#changed.add(list);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const lists = [...this.#changed];
      this.#changed.clear();
      for (const changed of lists) this.#tell(changed);
    }, GATHER_MS).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#changed.clear();
  }
}
