/** Work waiting for a free place, taken from one caller after the other so that none starves the rest (B18, C23). */
export interface FairQueue<T> {
  /** False when the queue is full; the work is not taken then. */
  push(caller: string, work: T): boolean;
  /** The next piece of work, or undefined. */
  shift(): T | undefined;
  /** Takes back work that is no longer wanted; false when it has been handed out. */
  remove(caller: string, work: T): boolean;
  readonly size: number;
}

/** An empty queue for at most `limit` pieces of work, all callers together. */
export function createFairQueue<T>(limit: number): FairQueue<T> {
  // A map keeps the order of insertion: a caller who has had a turn goes to its end.
  const lines = new Map<string, T[]>();
  let size = 0;
  return {
    push(caller, work) {
      if (size >= limit) return false;
      const line = lines.get(caller);
      if (line) line.push(work);
      else lines.set(caller, [work]);
      size += 1;
      return true;
    },
    shift() {
      for (const [caller, line] of lines) {
        lines.delete(caller);
        const work = line.shift();
        if (line.length > 0) lines.set(caller, line);
        size -= 1;
        return work;
      }
      return undefined;
    },
    remove(caller, work) {
      const line = lines.get(caller);
      const index = line?.indexOf(work) ?? -1;
      if (!line || index === -1) return false;
      line.splice(index, 1);
      if (line.length === 0) lines.delete(caller);
      size -= 1;
      return true;
    },
    get size() {
      return size;
    },
  };
}
