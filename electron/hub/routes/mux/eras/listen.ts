import { z } from 'zod';
import type { Envelope } from '../../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../../frames/edit-frame.ts';
import { changeInner } from './inner-members.ts';
import { SERVER_INFO_KEY, SUBSCRIPTION_ID_KEY } from './meta-keys.ts';

const MAX_URIS = 1_000;

/** What a modern client wants to hear of (`subscriptions/listen`). Unknown wishes are not honoured. */
export const ListenFilter = z.object({
  toolsListChanged: z.boolean().optional(),
  promptsListChanged: z.boolean().optional(),
  resourcesListChanged: z.boolean().optional(),
  resourceSubscriptions: z.array(z.string()).max(MAX_URIS).optional(),
  taskIds: z.array(z.string()).max(MAX_URIS).optional(),
});
export type ListenFilter = z.infer<typeof ListenFilter>;

/** null when the request does not say what it wants. */
export function readListenFilter(frame: Buffer, { ranges }: Envelope): ListenFilter | null {
  if (ranges.params === 0) return null;
  const params = JSON.parse(frame.toString('utf8', ranges.params, ranges.paramsEnd)) as unknown;
  const parsed = z.object({ notifications: ListenFilter }).safeParse(params);
  return parsed.success ? parsed.data.notifications : null;
}

/** The first message of a stream: what of the wishes is honoured. `id` is the raw id of the listen request. */
export const acknowledged = (id: string, honoured: ListenFilter): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":` +
      `${JSON.stringify(honoured)},"_meta":{"${SUBSCRIPTION_ID_KEY}":${id}}}}`,
  );

/** A notification as it travels on the stream of the listen request with this raw id. */
export function tagged(frame: Buffer, { ranges }: Envelope, id: string): Buffer {
  const set = { [SUBSCRIPTION_ID_KEY]: id };
  if (ranges.params !== 0) return editFrame(frame, changeInner(frame, ranges.params, '_meta', set));
  const root = frame.indexOf(0x7b);
  const params = `"params":{"_meta":{"${SUBSCRIPTION_ID_KEY}":${id}}},`;
  return editFrame(frame, [{ start: root + 1, end: root + 1, with: params }]);
}

/** The end of a stream by the hub's own will. */
export const listenEnded = (id: string, serverInfo: string): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","id":${id},"result":{"resultType":"complete","_meta":` +
      `{"${SUBSCRIPTION_ID_KEY}":${id},"${SERVER_INFO_KEY}":${serverInfo}}}}`,
  );
