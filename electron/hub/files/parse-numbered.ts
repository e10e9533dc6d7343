import { z } from 'zod';
import { PatchbayError } from '../../../shared/model/error.ts';

/** A JSON file of ours that says in `version` how it is built. */
export interface NumberedFile<T> {
  file: string;
  schema: z.ZodType<T>;
  /** For who has a file of a newer Patchbay. */
  hint: string;
}

/** Reads version 1 of it; null when it is damaged. Throws NOT_SUPPORTED for one that a newer Patchbay has written. */
export function parseNumbered<T>(bytes: Uint8Array, { file, schema, hint }: NumberedFile<T>): T | null {
  let data: unknown;
  try {
    data = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return null;
  }
  const numbered = z.looseObject({ version: z.number() }).safeParse(data);
  if (numbered.success && numbered.data.version > 1) {
    throw new PatchbayError('NOT_SUPPORTED', `${file} was written by a newer Patchbay.`, {
      path: file,
      hint,
    });
  }
  const parsed = schema.safeParse(data);
  return parsed.success ? parsed.data : null;
}
