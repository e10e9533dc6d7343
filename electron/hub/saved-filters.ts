import type { SavedFilter } from '../../shared/model/saved-filter.ts';

/** Filters that people gave a name, in `filters.json` of the data folder. */
export interface SavedFilters {
  list(): SavedFilter[];
  /** Takes the place of the one of the same name. Throws FILTER_INVALID, or INPUT_INVALID at the bound of 100. */
  save(saved: SavedFilter): Promise<void>;
  /** Throws NOT_FOUND. */
  remove(name: string): Promise<void>;
}
