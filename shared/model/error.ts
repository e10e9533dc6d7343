/**
 * Every failure a person can meet has one code here. The code is stable (scripts match on it), the message says
 * what happened, the hint says what to do next.
 */
export const ERROR_CODES = [
  'USAGE',
  'NOT_FOUND',
  'NOT_SUPPORTED',
  'INTERNAL',
  'HUB_NOT_RUNNING',
  'HUB_ALREADY_RUNNING',
  'PORT_TAKEN',
  'DATA_FOLDER_UNSAFE',
  'CATALOG_INVALID',
  'CATALOG_CONFLICT',
  'SERVER_UNKNOWN',
  'SERVER_DISABLED',
  'SERVER_CANNOT_START',
  'SERVER_FAILED',
  'SERVER_SUSPENDED',
  'SERVER_BUSY',
  'LOGIN_NEEDED',
  'SECRET_MISSING',
  'PROFILE_UNKNOWN',
  'SESSION_UNKNOWN',
  'VARIABLE_MISSING',
  'CONFIG_UNREADABLE',
  'CONFIG_MALFORMED',
  'CONFIG_DUPLICATE_KEY',
  'CONFIG_ENCODING',
  'CONFIG_TOO_LARGE',
  'CONFIG_UNSAFE_PATH',
  'CONFIG_NOT_WRITABLE',
  'CONFIG_CHANGED',
  'CONFIG_LOCKED',
  'CLIENT_RUNNING',
  'MANAGED_POLICY',
  'PLAN_STALE',
  'NOTHING_TO_DO',
  'BACKUP_MISSING',
  'BACKUP_CORRUPT',
  'DISK_FULL',
  'MIGRATION_BUSY',
  'PARITY_LOST',
  'FILTER_INVALID',
  'INPUT_INVALID',
  'REPLAY_IMPOSSIBLE',
  'EXPORT_FAILED',
  'UNAUTHORIZED',
  'FORBIDDEN',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What crosses a process boundary: plain data, never a stack. */
export interface ErrorInfo {
  code: ErrorCode;
  message: string;
  /** The next action for the person, in one sentence. */
  hint?: string;
  /** File the error is about, with 1-based position where one is known. */
  path?: string;
  line?: number;
  column?: number;
}

export class PatchbayError extends Error {
  readonly code: ErrorCode;
  readonly info: ErrorInfo;

  constructor(
    code: ErrorCode,
    message: string,
    extra: Omit<ErrorInfo, 'code' | 'message'> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PatchbayError';
    this.code = code;
    this.info = { code, message, ...extra };
  }
}

/** Errors that were refused for the user's safety: the CLI exits 3 for these. */
const SAFETY_CODES: ReadonlySet<ErrorCode> = new Set([
  'CLIENT_RUNNING',
  'CONFIG_MALFORMED',
  'CONFIG_DUPLICATE_KEY',
  'CONFIG_ENCODING',
  'CONFIG_TOO_LARGE',
  'CONFIG_UNSAFE_PATH',
  'CONFIG_NOT_WRITABLE',
  'CONFIG_CHANGED',
  'CONFIG_LOCKED',
  'MANAGED_POLICY',
  'PLAN_STALE',
  'BACKUP_MISSING',
  'BACKUP_CORRUPT',
  'DATA_FOLDER_UNSAFE',
  'PARITY_LOST',
]);

export const isSafetyRefusal = (code: ErrorCode): boolean => SAFETY_CODES.has(code);

/** Turns anything thrown into data that may be shown; unknown errors keep their message and lose their stack. */
export function toErrorInfo(error: unknown): ErrorInfo {
  if (error instanceof PatchbayError) return error.info;
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}
