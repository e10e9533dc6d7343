import type { ConfigAuthor } from '../../../shared/model/config-version.ts';
import type { Finding, FindingAction, FindingKind } from '../../../shared/model/guardian.ts';

/** Who changed a config, as the beginning of a sentence. */
export function authorInWords(author: ConfigAuthor, clientName: string): string {
  if (author.kind === 'patchbay') return 'Patchbay';
  if (author.kind === 'client') return clientName;
  return author.kind === 'someone' ? 'Someone' : 'While nobody watched, someone';
}

/** What a finding says to a person. */
export function findingMessage(
  { kind, entries, path, author }: Pick<Finding, 'kind' | 'entries' | 'path' | 'author'>,
  clientName: string,
  error: string | null,
): string {
  const who = authorInWords(author, clientName);
  const names = namesOf(entries.map(({ name }) => name));
  const config = author.kind === 'client' ? 'its config' : `the config of ${clientName}`;
  switch (kind) {
    case 'wiped':
      return `${who} rewrote ${config} without any server: ${names} went with it.`;
    case 'removed':
      return `${who} took ${names} out of ${config}.`;
    case 'edited':
      return `${who} changed what ${names} in ${config} starts.`;
    case 'turned-direct':
      return `${who} changed ${config}: ${names} no longer goes through Patchbay.`;
    case 'added':
      return `${who} added ${names} to ${config}: a server that does not go through Patchbay.`;
    case 'shim-missing':
      return `What ${names} in the config of ${clientName} starts is not there any more. Was Patchbay moved?`;
    case 'broken':
      return `${clientName} cannot read its config by now. ${error ?? path}`;
  }
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** What to do about a client that undoes what is put back. */
export function habitAdvice(author: ConfigAuthor, clientName: string): string {
  if (author.kind === 'someone') {
    return 'It was undone again within minutes of being put back. If that was not you, look for what writes this file.';
  }
  return (
    `${clientName} undid it again within minutes, so it is not offered once more. Quit ${clientName} completely, ` +
    'put the entries back while it is closed, and start it again.'
  );
}

const MERGES: ReadonlySet<FindingKind> = new Set([
  'wiped',
  'removed',
  'edited',
  'turned-direct',
  'shim-missing',
]);

/** What a person may still do about a finding; no offer is repeated that did not last. */
export function actionsFor({
  kind,
  state,
  advice,
  lastGood,
}: Pick<Finding, 'kind' | 'state' | 'advice' | 'lastGood'>): FindingAction[] {
  // A removal needs no word of consent; it can be taken back for as long as it is listed.
  if (kind === 'removed' && state === 'accepted') return advice === null ? ['merge-back'] : [];
  if (state !== 'open') return [];
  if (kind === 'added') return ['route', 'accept', 'remove'];
  if (kind === 'broken') return lastGood === null ? ['accept'] : ['restore', 'accept'];
  return MERGES.has(kind) && advice === null ? ['merge-back', 'accept'] : ['accept'];
}
