import type { VersionRecord } from './version-index.ts';

/** How much history is kept. */
export interface PruneLimits {
  maxAgeMs: number;
  /** Of stored contents. */
  maxBytes: number;
  maxVersions: number;
}

export const DEFAULT_LIMITS: PruneLimits = {
  maxAgeMs: 90 * 24 * 3_600_000,
  maxBytes: 256 * 1024 * 1024,
  maxVersions: 2_000,
};

/**
 * The versions that stay, in their order. Always: the newest of each file, its newest readable one, and whatever has a
 * hash in `needed` (what a live migration would put back, or put there). Then, as far as the limits go, those in which
 * servers changed, newest first; then the others. Claude Code rewrites its file many times a day for its own reasons:
 * that must not push out the few versions that anyone will look for.
 */
export function versionsToKeep(
  versions: readonly VersionRecord[],
  { now, limits, needed }: { now: number; limits: PruneLimits; needed: ReadonlySet<string> },
): VersionRecord[] {
  const newestFirst = versions.toReversed();
  const kept = new Set<VersionRecord>();
  const paid = new Set<string>();
  let bytes = 0;
  const price = ({ sha256, stored }: VersionRecord): number =>
    sha256 === null || paid.has(sha256) ? 0 : stored;
  const keep = (version: VersionRecord): void => {
    if (kept.has(version)) return;
    bytes += price(version);
    if (version.sha256 !== null) paid.add(version.sha256);
    kept.add(version);
  };

  const seen = new Set<string>();
  for (const version of newestFirst) {
    const marks = [version.path, ...(version.state === 'readable' ? [`readable ${version.path}`] : [])];
    const isFirst = marks.some((mark) => !seen.has(mark));
    for (const mark of marks) seen.add(mark);
    if (isFirst || (version.sha256 !== null && needed.has(version.sha256))) keep(version);
  }
  const young = newestFirst.filter(({ at }) => now - Date.parse(at) <= limits.maxAgeMs);
  for (const wanted of [young.filter(changedServers), young]) {
    for (const version of wanted) {
      if (kept.has(version)) continue;
      if (kept.size >= limits.maxVersions || bytes + price(version) > limits.maxBytes) break;
      keep(version);
    }
  }
  return versions.filter((version) => kept.has(version));
}

const changedServers = ({ change }: VersionRecord): boolean => change === null || change.servers.length > 0;
