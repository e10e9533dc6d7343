import { ORPCError } from '@orpc/server';
import { type ErrorInfo, toErrorInfo } from '../../../shared/model/error.ts';
import { ERROR_STATUS } from './error-status.ts';

/** Anything a handler threw, as the library's error with an ErrorInfo in `data`. */
export function asCallError(error: unknown): unknown {
  // The library's own errors (bad input, unknown procedure) are complete.
  if (error instanceof ORPCError) return error;
  const info = toErrorInfo(error);
  return new ORPCError(info.code, { message: info.message, data: info, status: ERROR_STATUS[info.code] });
}

/** Errors inside a stream do not pass the middleware. */
export async function* withCallErrors<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw asCallError(error);
  }
}

/** The ErrorInfo of a call that failed; the library's own errors get the code that fits them. */
export function errorInfoOf(error: ORPCError<string, unknown>): ErrorInfo {
  const { data } = error;
  if (typeof data === 'object' && data !== null && 'code' in data && 'message' in data)
    return data as ErrorInfo;
  if (error.status >= 500) return { code: 'INTERNAL', message: error.message };
  return { code: 'USAGE', message: withIssues(error.message, data) };
}

/** Names the fields that did not fit, at most five of them. */
function withIssues(message: string, data: unknown): string {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return message;
  const issues = data.issues as { path?: readonly unknown[]; message?: unknown }[];
  const told = issues
    .slice(0, 5)
    .map((issue) => `${(issue.path ?? []).map(String).join('.') || 'input'}: ${String(issue.message)}`);
  return `${message}: ${told.join('; ')}`;
}
