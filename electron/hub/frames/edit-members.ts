import type { Edit } from './edit-frame.ts';
import { keyOf, listMembers, type Member } from './find-member.ts';
import { skipSpace } from './scan-json.ts';

const CLOSE_BRACE = 0x7d;

/**
 * Puts a member at the front of the object that opens at `objectStart`, empty or not, without looking at the rest.
 * `json` is the value's JSON text. Not for a key that stands there already, nor beside `changeMembers`.
 */
export function insertMember(frame: Buffer, objectStart: number, key: string, json: string): Edit {
  const at = objectStart + 1;
  const isEmpty = frame[skipSpace(frame, at)] === CLOSE_BRACE;
  return { start: at, end: at, with: `${JSON.stringify(key)}:${json}${isEmpty ? '' : ','}` };
}

/**
 * Sets and removes members of the object that opens at `objectStart`: the JSON text of a new value by key, null to
 * take the member out with the one comma that goes with it. A value is replaced where it stands, a new member goes to
 * the front, and what stands twice is changed twice. White space around what stays is left alone. No edits where no
 * whole object stands.
 */
export function changeMembers(
  frame: Buffer,
  objectStart: number,
  changes: Readonly<Record<string, string | null>>,
): Edit[] {
  const members = listMembers(frame, objectStart);
  if (!members) return [];
  const missing = new Map(Object.entries(changes));
  const edits: Edit[] = [];
  let lastKept: Member | null = null;
  /** End of the cut that the next one goes on from, while nothing that stays lies between. */
  let cutEnd = 0;
  for (const [index, member] of members.entries()) {
    const change = changeOf(changes, keyOf(frame, member));
    if (change !== null) {
      if (change !== undefined) edits.push({ start: member.start, end: member.end, with: change });
      lastKept = member;
      cutEnd = 0;
    } else {
      // Behind a member that stays, the comma before goes; in front of the first that stays, the one behind.
      const start: number = cutEnd || (lastKept?.end ?? member.keyStart);
      cutEnd = lastKept ? member.end : (members[index + 1]?.keyStart ?? member.end);
      edits.push({ start, end: cutEnd, with: '' });
    }
    if (change !== undefined) missing.delete(keyOf(frame, member)!);
  }
  const added = [...missing].flatMap(([key, json]) =>
    json === null ? [] : [`${JSON.stringify(key)}:${json}`],
  );
  if (added.length === 0) return edits;
  const at = objectStart + 1;
  return [{ start: at, end: at, with: added.join(',') + (lastKept ? ',' : '') }, ...edits];
}

const changeOf = (
  changes: Readonly<Record<string, string | null>>,
  key: string | null,
): string | null | undefined => (key !== null && Object.hasOwn(changes, key) ? changes[key] : undefined);
