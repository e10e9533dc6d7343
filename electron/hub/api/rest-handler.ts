import { ORPCError } from '@orpc/client';
import { OpenAPIHandler } from '@orpc/openapi/node';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ErrorInfo } from '../../../shared/model/error.ts';
import type { CallContext } from './call-context.ts';
import { errorInfoOf } from './call-errors.ts';
import type { HubRouter } from './router.ts';

/** Whoever holds the token of this install on loopback; only a program on the local socket counts as local. */
const CALLER: CallContext = { isLocal: false, hasInstallToken: true };

/** Serves the contract's routes below `/api`; the result resolves to false where none fits. */
export function createRestHandler(
  router: HubRouter,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const handler = new OpenAPIHandler<CallContext>(router, {
    clientInterceptors: [
      async ({ next, input, procedure, ...rest }) => {
        const { inputSchema, route } = procedure['~orpc'];
        const typed = readNumbers(inputSchema, input, (name) =>
          route.method === 'GET' ? true : (route.path?.includes(`{${name}}`) ?? false),
        );
        const output: unknown = await next({ ...rest, procedure, input: typed });
        return isStream(output) ? withPlainErrors(output) : output;
      },
    ],
    customErrorResponseBodyEncoder: errorInfoOf,
  });
  return async (request, response) => {
    response.setHeader('cache-control', 'no-store');
    const { matched } = await handler.handle(request, response, { prefix: '/api', context: CALLER });
    return matched;
  };
}

/**
 * Query and path values are text; where the schema wants a number, one is read. Values of a JSON body are what they
 * are. (The library's own reading of text also fills in what is missing, bodies included.)
 */
function readNumbers(schema: unknown, input: unknown, isText: (name: string) => boolean): unknown {
  if (!(schema instanceof z.ZodObject) || typeof input !== 'object' || input === null) return input;
  const shape: Record<string, unknown> = schema.shape;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      const isNumber =
        isText(name) && innermost(Object.hasOwn(shape, name) ? shape[name] : null) instanceof z.ZodNumber;
      return [
        name,
        isNumber && typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
      ];
    }),
  );
}

function innermost(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional) inner = inner.unwrap();
  return inner;
}

const isStream = (output: unknown): output is AsyncIterable<unknown> =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

/** A stream that fails says so in its last event, as an ErrorInfo like everywhere else. */
async function* withPlainErrors(source: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* source;
  } catch (error) {
    throw error instanceof ORPCError ? new StreamError(error) : error;
  }
}

class StreamError extends ORPCError<string, unknown> {
  readonly #info: ErrorInfo;

  constructor(error: ORPCError<string, unknown>) {
    super(error.code, { message: error.message, status: error.status, data: error.data, cause: error });
    this.#info = errorInfoOf(error);
  }

  // What the library writes into the event.
  override toJSON(): ReturnType<ORPCError<string, unknown>['toJSON']> {
    return this.#info as never;
  }
}
