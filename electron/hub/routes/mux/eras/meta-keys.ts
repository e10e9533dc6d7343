/** Keys of the modern era in `_meta` (2026-07-28, basic/index). */
export const PROTOCOL_VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
export const CLIENT_INFO_KEY = 'io.modelcontextprotocol/clientInfo';
export const CLIENT_CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities';
export const LOG_LEVEL_KEY = 'io.modelcontextprotocol/logLevel';
export const SERVER_INFO_KEY = 'io.modelcontextprotocol/serverInfo';
export const SUBSCRIPTION_ID_KEY = 'io.modelcontextprotocol/subscriptionId';

/** JSON-RPC codes whose meaning differs between the eras. */
export const CODES = {
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
  /** Legacy only. */
  resourceNotFound: -32_002,
  urlElicitationRequired: -32_042,
  /** Modern only: all three are told with HTTP 400. */
  headerMismatch: -32_020,
  missingCapability: -32_021,
  unsupportedVersion: -32_022,
} as const;
