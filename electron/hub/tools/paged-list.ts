import type { ListedTool } from './tool-observer.ts';

/** One page of a list as it went to a client. */
export interface ListPage {
  /** That it was asked with; null for the first page. */
  cursor: string | null;
  tools: readonly ListedTool[];
  /** Of the next page; null for the last one. */
  next: string | null;
}

/** As much as the hub itself takes of a list. */
const MAX_TOOLS = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** Puts the pages of one client's walk through a list together. */
export class PagedList {
  #tools: ListedTool[] = [];
  #bytes = 0;
  /** With which the walk goes on; null when there is none under way. */
  #expected: string | null = null;

  /** The whole list with its last page; null before, and when pages are missing or never end. */
  take({ cursor, tools, next }: ListPage): readonly ListedTool[] | null {
    if (cursor === null) {
      this.#tools = [];
      this.#bytes = 0;
    } else if (cursor !== this.#expected) return null;
    this.#tools.push(...tools);
    for (const { bytes } of tools) this.#bytes += bytes.length;
    this.#expected = this.#tools.length > MAX_TOOLS || this.#bytes > MAX_BYTES ? null : next;
    if (next !== null && this.#expected !== null) return null;
    const whole = this.#tools;
    const isWhole = next === null && whole.length <= MAX_TOOLS;
    this.#tools = [];
    return isWhole ? whole : null;
  }
}
