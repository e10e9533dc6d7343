/** Removed rows at the front are only skipped; the array is rebuilt once this many have gathered. */
const COMPACT_AFTER = 4_096;

/**
 * Rows in ascending id order with cheap appending at the end and removal at the front: what a live log does all the
 * time. Everything else (late rows, changed rows) is found by binary search.
 */
export class SortedRows<T extends { readonly id: number }> {
  #rows: T[] = [];
  #start = 0;

  get length(): number {
    return this.#rows.length - this.#start;
  }

  at(index: number): T | undefined {
    return index < 0 ? undefined : this.#rows[this.#start + index];
  }

  get first(): T | undefined {
    return this.at(0);
  }

  get last(): T | undefined {
    return this.at(this.length - 1);
  }

  /** Index of the row with this id, or -1. */
  indexOf(id: number): number {
    const index = this.#lowerBound(id);
    return this.at(index)?.id === id ? index : -1;
  }

  get(id: number): T | undefined {
    return this.at(this.indexOf(id));
  }

  /** Replaces the row of the same id or puts it where it belongs; returns the index of a new row, else -1. */
  upsert(row: T): number {
    const last = this.last;
    if (last === undefined || row.id > last.id) {
      this.#rows.push(row);
      return this.length - 1;
    }
    const index = this.#lowerBound(row.id);
    const isKnown = this.at(index)?.id === row.id;
    this.#rows.splice(this.#start + index, isKnown ? 1 : 0, row);
    return isKnown ? -1 : index;
  }

  /** Removes one row; returns the index it had, or -1. */
  remove(id: number): number {
    const index = this.indexOf(id);
    if (index >= 0) this.#rows.splice(this.#start + index, 1);
    return index;
  }

  /** Takes rows off the front until at most `limit` are left; returns how many went. */
  trimFront(limit: number): number {
    const excess = Math.max(0, this.length - limit);
    this.#start += excess;
    if (this.#start >= COMPACT_AFTER) {
      this.#rows = this.#rows.slice(this.#start);
      this.#start = 0;
    }
    return excess;
  }

  clear(): void {
    this.#rows = [];
    this.#start = 0;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = this.#start; index < this.#rows.length; index += 1) yield this.#rows[index]!;
  }

  #lowerBound(id: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[this.#start + middle]!.id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
