import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Creator } from '../../../shared/export/har.ts';
import { isSpan, traceRequest } from '../../../shared/export/otlp.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ExchangeDetail } from '../../../shared/model/exchange.ts';

export interface Collector {
  url: string;
  /** Such as a key; they are sent and never shown. */
  headers: Readonly<Record<string, string>>;
  scope: Creator;
}

const REQUEST_MS = 15_000;
/** Of an answer; what a collector has to say is short. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_SHOWN = 300;

/** "Not now", by the OTLP specification; anything else is final. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

const Accepted = z.object({
  partialSuccess: z
    .object({
      // 64-bit numbers are text in OTLP's JSON; some collectors send plain ones.
      rejectedSpans: z.union([z.string(), z.number()]).optional(),
      errorMessage: z.string().optional(),
    })
    .optional(),
});
const Refused = z.object({ message: z.string() });

/** Sends the spans of these exchanges in one request and says how many they were. Throws EXPORT_FAILED. */
export async function sendSpans(details: readonly ExchangeDetail[], collector: Collector): Promise<number> {
  assertUsable(collector);
  const spans = details.filter(isSpan);
  if (spans.length === 0) return 0;
  const body = JSON.stringify(traceRequest(spans, collector.scope));
  for (let attempt = 1; ; attempt += 1) {
    const answer = await post(collector, body);
    if (answer.status >= 200 && answer.status < 300) {
      assertAllAccepted(answer.text, spans.length, collector);
      return spans.length;
    }
    if (attempt === ATTEMPTS || !RETRYABLE.has(answer.status)) throw refused(answer, collector);
    await sleep(pauseOf(answer.retryAfter, attempt));
  }
}

/** Checked here: the library's own complaint about a header quotes its value. */
function assertUsable({ url, headers }: Collector): void {
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new PatchbayError('INPUT_INVALID', 'The address of a collector begins with http:// or https://.');
  }
  if (username !== '' || password !== '') {
    throw new PatchbayError('INPUT_INVALID', 'An address cannot hold a login.', {
      hint: 'Send it as a header: Authorization: Basic …',
    });
  }
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers([[name, value]]);
    } catch {
      throw new PatchbayError('INPUT_INVALID', `The header ${JSON.stringify(name)} cannot be sent as it is.`);
    }
  }
}

interface Answer {
  status: number;
  text: string;
  retryAfter: string | null;
}

async function post({ url, headers }: Collector, body: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      // Keys in the headers are for this address and no other.
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    return {
      status: response.status,
      text: await readBounded(response),
      retryAfter: response.headers.get('retry-after'),
    };
  } catch (error) {
    throw new PatchbayError(
      'EXPORT_FAILED',
      `The collector at ${shown(url)} cannot be reached: ${reason(error)}.`,
      {
        hint: 'OTLP over HTTP usually listens on port 4318 and takes traces at /v1/traces.',
      },
    );
  }
}

async function readBounded({ body }: Response): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop ends the transfer.
    if (size >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A collector may take a request and turn some of its spans away. */
function assertAllAccepted(text: string, sent: number, { url }: Collector): void {
  const answer = Accepted.safeParse(parse(text));
  const rejected = Number(answer.data?.partialSuccess?.rejectedSpans ?? 0);
  if (!(rejected > 0)) return;
  const why = answer.data?.partialSuccess?.errorMessage ?? '';
  throw new PatchbayError(
    'EXPORT_FAILED',
    `The collector at ${shown(url)} turned away ${rejected} of ${sent} spans${why ? `: ${cut(why)}` : '.'}`,
  );
}

function refused({ status, text }: Answer, { url }: Collector): PatchbayError {
  const said = Refused.safeParse(parse(text)).data?.message ?? text;
  const what = said.trim() === '' ? '' : `: ${cut(said)}`;
  const isMoved = status >= 300 && status < 400;
  return new PatchbayError('EXPORT_FAILED', `The collector at ${shown(url)} answered ${status}${what}`, {
    hint: isMoved
      ? 'Redirects are not followed: give the address it points to.'
      : status === 404
        ? 'Traces are taken at a path of their own, mostly /v1/traces.'
        : undefined,
  });
}

function pauseOf(retryAfter: string | null, attempt: number): number {
  const asked = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : null;
  return Math.min(LONGEST_PAUSE_MS, asked ?? PAUSE_MS * attempt);
}

/** Without what may be secret in it: login and query. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** `fetch failed` says nothing; why is below it. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${REQUEST_MS / 1_000} s`;
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}

const cut = (text: string): string => text.trim().slice(0, MAX_SHOWN);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
