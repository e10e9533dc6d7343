import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import { findMember, stringAt } from '../../frames/find-member.ts';
import type { ClientCall } from './client-call.ts';
import { parameterHeadersOf } from './parameter-headers.ts';
import { readItems } from './upstream-lists.ts';

/**
 * One page of a single server's tools, without what is hidden or held back and with the names that are shown. `cursor`
 * is the one that it was asked with; null for the first page.
 */
export function showOnePage(
  frame: Buffer,
  envelope: Envelope,
  { link, upstream, request }: ClientCall,
  cursor: string | null,
): Buffer {
  const { endpoint, names, tools } = link.conversation;
  const all = envelope.error ? null : readItems(frame, envelope, 'tools/list');
  if (!all) return frame;
  const next = findMember(frame, envelope.ranges.result, 'nextCursor');
  const whole = link.toolPages.take({
    cursor,
    // What is compared later is its own: the frame is a view.
    tools: all.map(({ key, bytes }) => ({ key, bytes: Buffer.from(bytes) })),
    next: next && stringAt(frame, next),
  });
  const audience = upstream!.era === 'modern' ? request.identity.capabilities : upstream!.introducedAs;
  if (whole) tools.listed(link.server, audience, whole);
  for (const item of all) names.noteHeaders(link, item);
  const isRemoteModern = upstream!.era === 'modern' && upstream!.connection.correlates;
  const items = isRemoteModern ? all.filter((item) => parameterHeadersOf(item) !== 'invalid') : all;
  const isPlain =
    items.length === all.length &&
    items.every((item) => endpoint.exposed(link.server, item.key)?.name === item.key) &&
    !items.some((item) => tools.isHeld(link.server, item));
  if (isPlain) return frame;
  const keys = new Set(items.map(({ key }) => key));
  const page = { items, keys, uris: new Set<string>(), ttlMs: 0, isPublic: false };
  const list = findMember(frame, envelope.ranges.result, 'tools')!;
  const view = names.view(link, 'tools/list', page);
  names.showed(view);
  return editFrame(frame, [{ start: list.start + 1, end: list.end - 1, with: view.joined }]);
}
