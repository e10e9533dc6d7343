import { z } from 'zod';

/** A filter a person gave a name. Kept in `filters.json` of the data folder, at most 100. */
export const SavedFilter = z.object({ name: z.string().min(1).max(60), filter: z.string().max(2_000) });
export type SavedFilter = z.infer<typeof SavedFilter>;
