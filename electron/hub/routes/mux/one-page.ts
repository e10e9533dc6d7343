import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import { findMember } from '../../frames/find-member.ts';
import type { ClientCall } from './client-call.ts';
import { parameterHeadersOf } from './parameter-headers.ts';
import { readItems } from './upstream-lists.ts';

/** One page of a single server's tools, without what is hidden and with the names that are shown. */
export function showOnePage(frame: Buffer, envelope: Envelope, { link, upstream }: ClientCall): Buffer {
  const { endpoint, names } = link.conversation;
  const all = envelope.error ? null : readItems(frame, envelope, 'tools/list');
  if (!all) return frame;
  for (const item of all) names.noteHeaders(link, item);
  const isRemoteModern = upstream!.era === 'modern' && upstream!.connection.correlates;
  const items = isRemoteModern ? all.filter((item) => parameterHeadersOf(item) !== 'invalid') : all;
  const isPlain =
    items.length === all.length && items.every(({ key }) => endpoint.exposed(link.server, key)?.name === key);
  if (isPlain) return frame;
  const keys = new Set(items.map(({ key }) => key));
  const page = { items, keys, uris: new Set<string>(), ttlMs: 0, isPublic: false };
  const list = findMember(frame, envelope.ranges.result, 'tools')!;
  const view = names.view(link, 'tools/list', page);
  names.showed(view);
  return editFrame(frame, [{ start: list.start + 1, end: list.end - 1, with: view.joined }]);
}
