import type { Edit } from '../../../frames/edit-frame.ts';
import { changeMembers, insertMember } from '../../../frames/edit-members.ts';
import { findMember } from '../../../frames/find-member.ts';

/** Sets members of the object `key` inside the object that opens at `objectStart`, making it when it is not there. */
export function changeInner(
  frame: Buffer,
  objectStart: number,
  key: string,
  set: Readonly<Record<string, string>>,
): Edit[] {
  const inner = findMember(frame, objectStart, key);
  return inner
    ? changeMembers(frame, inner.start, set)
    : [insertMember(frame, objectStart, key, objectOf(set))];
}

/** JSON text of an object with these members; the values are JSON texts. */
export const objectOf = (members: Readonly<Record<string, string>>): string =>
  `{${Object.entries(members)
    .map(([name, json]) => `${JSON.stringify(name)}:${json}`)
    .join(',')}}`;

/** Edits found in any order, as `editFrame` wants them; an insertion comes before what starts at the same place. */
export const inOrder = (edits: Edit[]): Edit[] => edits.sort((a, b) => a.start - b.start || a.end - b.end);
