import { ADDRESS_BLOCKED } from './address-guard.ts';

/** Of a connection that took too long to be made; see `http-client.ts`. */
export const CONNECT_TIMEOUT = 'ERR_PATCHBAY_CONNECT_TIMEOUT';
/** Of a proxy that leads nowhere; see `proxy.ts`. */
export const PROXY_REFUSED = 'ERR_PATCHBAY_PROXY';
/** Of an answer whose head took too long; see `exchange.ts`. */
export const HEADER_TIMEOUT = 'ERR_PATCHBAY_HEADER_TIMEOUT';

/** By the code of Node's error, to stand after the name of the host. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections: the server is not running there',
  ECONNRESET: 'closed the connection before it had answered',
  EPIPE: 'closed the connection before it had answered',
  ENOTFOUND: 'is not known: the name cannot be found',
  EAI_AGAIN: 'cannot be looked up: is the network down?',
  ENETUNREACH: 'cannot be reached: is the network down?',
  EHOSTUNREACH: 'cannot be reached: is the network or the VPN down?',
  ENETDOWN: 'cannot be reached: the network is down',
  ETIMEDOUT: 'does not answer',
  [CONNECT_TIMEOUT]: 'does not answer: no connection within 10 s',
  [HEADER_TIMEOUT]: 'did not begin its answer in time',
  [PROXY_REFUSED]: 'cannot be reached through the proxy that https_proxy names: it refuses',
  [ADDRESS_BLOCKED]: 'leads to an address that remote servers must not use (link-local or reserved)',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
  CERT_NOT_YET_VALID: 'shows a certificate that is not valid yet: is the clock of this machine right?',
  CERT_REVOKED: 'shows a certificate that was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'shows a certificate that it signed itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'shows a certificate of an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'shows a certificate whose issuer is missing or unknown',
  UNABLE_TO_GET_ISSUER_CERT: 'shows a certificate whose issuer is missing or unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'shows a certificate whose issuer is missing or unknown',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another name',
  EPROTO: 'does not speak TLS as it should: is it http:// instead of https://?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS: is it http:// instead of https://?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does not speak TLS: is it http:// instead of https://?',
  HPE_HEADER_OVERFLOW: 'sent more headers than a sane answer has',
};

/** Certificates that only their owner, or a company's own authority, can put right. */
const HOME_MADE: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** What went wrong on the way to `host`, as one sentence for people; never holds more of the URL than the host. */
export function explainNetworkError(error: unknown, host: string): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (reason === undefined) {
    return code.startsWith('HPE_')
      ? `${host} does not answer in HTTP.`
      : `The connection to ${host} failed${code === '' ? '' : ` (${code})`}.`;
  }
  const hint = HOME_MADE.has(code)
    ? ' If you trust it, start the hub with NODE_EXTRA_CA_CERTS naming a file with its authority.'
    : '';
  return `${host} ${reason}.${hint}`;
}

/** An HTTP status that was no answer of MCP, as one sentence for people. */
export function explainStatus(status: number, host: string): string {
  if (status === 403) return `${host} refuses access (HTTP 403).`;
  if (status === 404 || status === 405) return `${host} serves no MCP at this address (HTTP ${status}).`;
  if (status === 413) return `${host} finds the message too large (HTTP 413).`;
  if (status === 429) return `${host} is asked too much (HTTP 429).`;
  return status >= 500
    ? `${host} is in trouble (HTTP ${status}).`
    : `${host} refused the message (HTTP ${status}).`;
}
