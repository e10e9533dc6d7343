import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorInfo } from '../../../shared/model/error.ts';
import { readBody } from './read-body.ts';
import type { HubRouter } from './router.ts';

/** The contract as REST below `/api/`, described by `/api/openapi.json`. */
export interface RestApi {
  /**
   * Answers a request whose Host, Origin and token were checked. False: nothing below `/api/` has this path and
   * method, and nothing was written. Streams are Server-Sent Events and end when the reader goes.
   */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** Bodies are settings and definitions, never traffic. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The REST parts of the library are loaded by the first request: most hubs never get one. */
export function createRestApi(router: HubRouter, version: string): RestApi {
  let handler: ReturnType<typeof load> | null = null;
  let document: Promise<unknown> | null = null;
  return {
    async handle(request, response) {
      const { pathname } = new URL(request.url ?? '/', 'http://hub');
      if (pathname === '/api/openapi.json' && request.method === 'GET') {
        document ??= describe(version);
        say(response, 200, await document);
        return true;
      }
      const problem = await takeBody(request);
      if (problem) {
        say(response, problem.status, problem.error);
        return true;
      }
      handler ??= load(router);
      return (await handler)(request, response);
    },
  };
}

const load = async (router: HubRouter) => (await import('./rest-handler.ts')).createRestHandler(router);

const describe = async (version: string): Promise<unknown> =>
  (await import('./openapi-document.ts')).createOpenApiDocument(version);

/** Puts the parsed body on the request, where the library looks for it first. */
async function takeBody(
  request: IncomingMessage & { body?: unknown },
): Promise<{ status: number; error: ErrorInfo } | null> {
  const { method, headers } = request;
  if (method === 'GET' || method === 'HEAD') return null;
  const isEmpty = headers['content-length'] === '0' || isWithoutBody(request);
  // A page of another origin can send forms and plain text unasked, JSON only after a preflight that fails (E06).
  const mayBeBare = method === 'DELETE' && isEmpty;
  if (!mayBeBare && !/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    return refusal(415, 'The content type must be application/json.');
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === null) return refusal(413, `A body may have ${MAX_BODY_BYTES} bytes.`);
  try {
    request.body = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as unknown);
    return null;
  } catch {
    return refusal(400, 'The body is not JSON.');
  }
}

const isWithoutBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;

const refusal = (status: number, message: string): { status: number; error: ErrorInfo } => ({
  status,
  error: { code: 'USAGE', message },
});

function say(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
