import { parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { unifiedDiff } from './line-diff.ts';
import { maskedText } from './mask-secrets.ts';

/** The unified diff from a config to its new bytes, with secret-looking values covered on both sides. */
export function configDiff(before: JsonDocument, after: Uint8Array): string {
  return unifiedDiff(before.path, maskedText(before), maskedText(parseJsonDocument(after, before.path)));
}
