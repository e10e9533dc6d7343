import { findPath, stringAt } from '../frames/find-member.ts';

/** Revisions with a handshake, oldest first. */
export const LEGACY_VERSIONS: readonly string[] = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];
/** Revisions without. */
export const MODERN_VERSIONS: readonly string[] = ['2026-07-28'];

/** The only revision whose clients may send several messages as one array. */
export const BATCH_VERSION = '2025-03-26';
/** From here on a client can resume a stream that has said nothing yet. */
const PRIMING_SINCE = '2025-11-25';

/** Dates order as text does. Also true of revisions that are not known here. */
export const isModernVersion = (version: string): boolean =>
  version >= MODERN_VERSIONS[0]! && /^\d{4}-\d{2}-\d{2}$/.test(version);

export const canPrime = (version: string | undefined): boolean =>
  version !== undefined && version >= PRIMING_SINCE;

/** What a client's `initialize` leads to: the revision it asks for where that is known, else our latest. */
export function negotiatedVersion(initialize: string): string {
  const frame = Buffer.from(initialize);
  const asked = findPath(frame, frame.indexOf(0x7b), ['params', 'protocolVersion']);
  const version = asked ? stringAt(frame, asked) : null;
  return version !== null && LEGACY_VERSIONS.includes(version) ? version : LEGACY_VERSIONS.at(-1)!;
}
