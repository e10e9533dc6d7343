import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { findMember, listElements, stringAt } from '../../frames/find-member.ts';
import type { NamedUri } from './upstream-lists.ts';

export interface ResultUri extends NamedUri {
  /** A reference, whose resource is still to be read. */
  isLink: boolean;
}

/** Where a result names resources: `content`, `messages` or `contents`, by method. */
export function resultUris(frame: Buffer, { ranges }: Envelope, method: string): ResultUri[] {
  if (frame[ranges.result] !== 0x7b) return [];
  const each = (key: string): readonly { start: number; end: number }[] => {
    const list = findMember(frame, ranges.result, key);
    return (list && listElements(frame, list.start)) ?? [];
  };
  if (method === 'resources/read') return each('contents').flatMap(({ start }) => uriAt(frame, start, false));
  if (method === 'tools/call') return each('content').flatMap(({ start }) => blockUris(frame, start));
  if (method !== 'prompts/get') return [];
  return each('messages').flatMap(({ start }) => {
    const content = findMember(frame, start, 'content');
    if (!content) return [];
    const blocks = listElements(frame, content.start) ?? [content];
    return blocks.flatMap((block) => blockUris(frame, block.start));
  });
}

function blockUris(frame: Buffer, start: number): ResultUri[] {
  const type = findMember(frame, start, 'type');
  const kind = type && stringAt(frame, type);
  if (kind === 'resource_link') return uriAt(frame, start, true);
  const resource = kind === 'resource' ? findMember(frame, start, 'resource') : null;
  return resource ? uriAt(frame, resource.start, false) : [];
}

function uriAt(frame: Buffer, objectStart: number, isLink: boolean): ResultUri[] {
  const member = findMember(frame, objectStart, 'uri');
  const uri = member && stringAt(frame, member);
  return member && uri !== null ? [{ uri, start: member.start, end: member.end, isLink }] : [];
}
