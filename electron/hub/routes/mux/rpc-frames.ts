/** JSON-RPC codes of what the mux says by itself. */
export const RPC = {
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
  /** No meaning of its own: busy, lost, cannot start. */
  other: -32_000,
  /** What the SDK's own clients say when time is up. */
  timeout: -32_001,
  /** Modern: told with HTTP 400. */
  missingCapability: -32_021,
  unsupportedVersion: -32_022,
} as const;

/** What went wrong with a request, as its caller is told. */
export interface CallFailure {
  code: number;
  message: string;
  data?: unknown;
  /** The connection went away with the call under way. */
  isLost?: true;
}

/** `id` is raw JSON. */
export const errorFrame = (id: string | null, { code, message, data }: CallFailure): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":${id ?? 'null'},"error":${JSON.stringify({ code, message, data })}}`);

/** `id` and `result` are raw JSON. */
export const resultFrame = (id: string, result: string): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${result}}`);

/** `params` is raw JSON. */
export const requestFrame = (id: number, method: string, params: string): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${params}}`);

export const notificationFrame = (method: string, params: object | null = null): Buffer =>
  Buffer.from(JSON.stringify({ jsonrpc: '2.0', method, ...(params && { params }) }));

/** Tells the receiver that an earlier request is no longer wanted. `requestId` is raw JSON. */
export const cancelledFrame = (requestId: number | string, reason: string): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${requestId},` +
      `"reason":${JSON.stringify(reason)}}}`,
  );

/** One key for every spelling of an id: `"a"` and `"\u0061"` are the same, `1` and `"1"` are not. */
export const idKey = (raw: string): string =>
  raw.includes('\\') ? JSON.stringify(JSON.parse(raw) as string) : raw;

const QUOTE = 0x22;

/** The number in an id that the mux has given out; NaN for any other (B20: `"1"` is not 1). */
export const ownNumber = (raw: string | null): number =>
  raw === null || raw.charCodeAt(0) === QUOTE ? Number.NaN : Number(raw);
