import type { CapturedBody } from '../../../shared/model/exchange.ts';

/**
 * The progress token of a captured frame, as JSON text: of a request (`params._meta`) or of a notification (`params`).
 * Null when it has none, undefined when that cannot be told.
 */
export function progressTokenOf(
  body: CapturedBody | null,
  path: readonly string[],
): string | null | undefined {
  if (!body || body.truncated) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body.text);
  } catch {
    return undefined;
  }
  for (const name of [...path, 'progressToken']) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Record<string, unknown>)[name];
  }
  return JSON.stringify(value);
}
