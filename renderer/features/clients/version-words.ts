import type { ConfigAuthor, ConfigChange, ConfigVersion } from '../../../shared/model/config-version.ts';
import { formatList } from '../../lib/format.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';

const text = messages.clients.timeMachine;

/** Who made a version. */
export function authorInWords(author: ConfigAuthor): string {
  switch (author.kind) {
    case 'patchbay':
      return text.author.patchbay[author.action];
    case 'client':
      return messages.client[author.client] ?? author.client;
    case 'someone':
    case 'unknown':
      return text.author[author.kind];
  }
}

/** What tells that it was the client; null where nothing needs to. */
export const evidenceInWords = (author: ConfigAuthor): string | null =>
  author.kind === 'client' ? text.evidence[author.evidence] : null;

/** What differs from the version before in one line; null where nothing is known of that. */
export function changeInWords(change: ConfigChange | null): string | null {
  if (change === null) return null;
  const servers = change.servers.map(({ name, change: how, fields }) =>
    text.server(text.change[how], oneLine(name, 60), fields.join(', ')),
  );
  const { added, removed, changed } = change.otherKeys;
  const others = added + removed + changed;
  const parts = [
    ...servers,
    ...(change.moreServers > 0 ? [text.moreServers(change.moreServers)] : []),
    ...(others > 0 ? [text.otherKeys(others)] : []),
  ];
  return parts.length > 0 ? formatList(parts) : text.onlyForm;
}

/** What a version is compared with: the one before it, the file on the disk, or another by its id. */
export type Against = 'before' | 'now' | (string & {});

/**
 * The two sides of a comparison, the older first, as a diff is read; `to` absent: the file as it is now. Null where
 * there is nothing to compare with. `versions` are of one file, newest first.
 */
export function sidesOf(
  shown: string,
  against: Against,
  versions: readonly Pick<ConfigVersion, 'id'>[],
): { from: string; to?: string } | null {
  if (against === 'now') return { from: shown };
  const at = versions.findIndex(({ id }) => id === shown);
  const other = against === 'before' ? versions[at + 1]?.id : against;
  if (at === -1 || other === undefined || !versions.some(({ id }) => id === other)) return null;
  const isOlder = versions.findIndex(({ id }) => id === other) > at;
  return isOlder ? { from: other, to: shown } : { from: shown, to: other };
}
