import { ORPCError } from '@orpc/client';
import { ERROR_CODES, type ErrorInfo, toErrorInfo } from '../../shared/model/error.ts';

const isErrorInfo = (data: unknown): data is ErrorInfo =>
  typeof data === 'object' &&
  data !== null &&
  'message' in data &&
  typeof data.message === 'string' &&
  'code' in data &&
  ERROR_CODES.some((code) => code === data.code);

/** What may be shown of a failed call: the hub's own ErrorInfo where it sent one, else the bare message. */
export function errorInfoOf(error: unknown): ErrorInfo {
  return error instanceof ORPCError && isErrorInfo(error.data) ? error.data : toErrorInfo(error);
}
