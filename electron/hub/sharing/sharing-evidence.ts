import { z } from 'zod';
import type { ExchangeDetail } from '../../../shared/model/exchange.ts';
import { quoteIfNeeded } from '../../../shared/filter/complete-filter.ts';
import type { TrafficService } from '../traffic/traffic-service.ts';

/** What the log says of one server's sessions. All lists are bounded samples of the newest calls. */
export interface SharingEvidence {
  /** Sessions with a call, and calls, among the newest 300. */
  sessions: number;
  calls: number;
  /** What the server asked its clients, by method. */
  serverRequests: string[];
  /** The roots each session gave, as one text; different texts mean different roots. */
  roots: string[];
  subscribes: boolean;
  /** All tools of the newest list say that they only read; null when no list is kept. */
  readsOnly: boolean | null;
  /** Tools whose same call had one answer within each session and another in another session. */
  unlikeAnswers: string[];
}

const DAYS = 'since:7d';
const MAX_CALLS = 300;
/** Bodies that are read of them: each is a question to the store. */
const MAX_BODIES = 100;
const MAX_LISTED = 10;

const ToolList = z.object({
  result: z.object({
    tools: z.array(
      z.looseObject({ annotations: z.looseObject({ readOnlyHint: z.boolean() }).partial().optional() }),
    ),
  }),
});
const Roots = z.object({ result: z.object({ roots: z.array(z.looseObject({ uri: z.string() })) }) });
const Call = z.object({ params: z.looseObject({ name: z.string() }) });

/** Reads the log; bodies that were not kept, or were cut, tell nothing. */
export async function gatherEvidence(
  traffic: Pick<TrafficService, 'list' | 'get'>,
  server: string,
): Promise<SharingEvidence> {
  const find = async (terms: string, limit: number) =>
    (await traffic.list({ filter: `server:${quoteIfNeeded(server)} ${DAYS} ${terms}`, limit })).exchanges;
  const asked = await find('is:from-server is:request', 200);
  const rootAnswers = asked.filter(({ method }) => method === 'roots/list').slice(0, MAX_LISTED);
  const calls = await find('method:tools/call status:ok', MAX_CALLS);
  const lists = await find('method:tools/list status:ok', 1);
  const details = (ids: readonly { id: number }[]) => Promise.all(ids.map(({ id }) => traffic.get(id)));
  const [roots, called, [listed]] = await Promise.all([
    details(rootAnswers),
    details(calls.slice(0, MAX_BODIES)),
    details(lists),
  ]);
  return {
    sessions: new Set(calls.map(({ sessionId }) => sessionId)).size,
    calls: calls.length,
    serverRequests: unique(asked.map(({ method }) => method).filter((method) => method !== 'roots/list')),
    roots: unique(roots.map(rootsText).filter((text) => text !== null)),
    subscribes: (await find('method:resources/subscribe', 1)).length > 0,
    readsOnly: listed ? readsOnly(listed) : null,
    unlikeAnswers: unlikeAnswers(called),
  };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].slice(0, MAX_LISTED);

function whole(body: ExchangeDetail['request']): unknown {
  if (body === null || body.truncated) return null;
  try {
    return JSON.parse(body.text) as unknown;
  } catch {
    return null;
  }
}

function rootsText(detail: ExchangeDetail): string | null {
  const parsed = Roots.safeParse(whole(detail.response));
  if (!parsed.success) return null;
  return parsed.data.result.roots
    .map(({ uri }) => uri)
    .toSorted()
    .join(' ');
}

function readsOnly(detail: ExchangeDetail): boolean | null {
  const parsed = ToolList.safeParse(whole(detail.response));
  if (!parsed.success) return null;
  const { tools } = parsed.data.result;
  return tools.length > 0 && tools.every(({ annotations }) => annotations?.readOnlyHint === true);
}

/**
 * A call that varies by itself, such as the time of day, varies within a session too and proves nothing; one that is
 * steady in each session and differs between them speaks of something the session keeps.
 */
export function unlikeAnswers(calls: readonly ExchangeDetail[]): string[] {
  const answers = new Map<string, Map<string, string[]>>();
  for (const { exchange, request, response } of calls) {
    const call = Call.safeParse(whole(request));
    const answer = z.looseObject({ result: z.unknown() }).safeParse(whole(response));
    if (!call.success || !answer.success) continue;
    const { _meta: _, ...params } = call.data.params;
    const bySession = answers.get(JSON.stringify(params)) ?? new Map<string, string[]>();
    answers.set(JSON.stringify(params), bySession);
    const seen = bySession.get(exchange.sessionId) ?? [];
    bySession.set(exchange.sessionId, [...seen, JSON.stringify(answer.data.result)]);
  }
  const unlike = [...answers].filter(([, bySession]) => {
    const repeated = [...bySession.values()].filter((seen) => seen.length > 1);
    const isSteady = repeated.length > 1 && repeated.every((seen) => new Set(seen).size === 1);
    return isSteady && new Set(repeated.map(([first]) => first)).size > 1;
  });
  return unique(unlike.map(([params]) => Call.parse({ params: JSON.parse(params) }).params.name));
}
