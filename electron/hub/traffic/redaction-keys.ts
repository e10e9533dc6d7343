/** Found anywhere in a name, after case and separators are taken away. */
const PARTS = [
  'secret',
  'password',
  'passwd',
  'passphrase',
  'apikey',
  'privatekey',
  'accesskey',
  'authkey',
  'signingkey',
  'encryptionkey',
  'masterkey',
  'servicekey',
  'authorization',
  'cookie',
  'credential',
  'connectionstring',
  'bearer',
];

const WHOLE = new Set([
  'auth',
  'xauth',
  'authentication',
  'pwd',
  'pass',
  'jwt',
  'otp',
  'totp',
  'pat',
  'dsn',
  'pin',
]);

/** Names that end in `token` and are no secret: of MCP itself, of paging. */
const HARMLESS_TOKENS = new Set([
  'progresstoken',
  'nexttoken',
  'pagetoken',
  'nextpagetoken',
  'prevpagetoken',
  'continuationtoken',
  'synctoken',
  'canceltoken',
  'cancellationtoken',
]);

/** `authorization_endpoint`, `tokenType`, `passwordPolicy` speak about a secret and are none. */
const ABOUT =
  /(?:url|uri|endpoint|endpoints|count|length|limit|policy|type|types|supported|expires|expiresin|expiresat)$/;

/** Hostile traffic may name its keys without end. */
const MAX_REMEMBERED = 2_000;
const remembered = new Map<string, boolean>();

/** Whether the value under this name (JSON key, header, environment variable, option) is a secret. */
export function isSecretName(name: string): boolean {
  if (name.length < 3 || name.length > 100) return false;
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const result = judge(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  // A copy: a piece of a text would keep the whole text in memory.
  remembered.set(Buffer.from(name).toString(), result);
  return result;
}

function judge(name: string): boolean {
  if (WHOLE.has(name)) return true;
  if (ABOUT.test(name)) return false;
  if (name.endsWith('token') || name.endsWith('tokenvalue')) return !HARMLESS_TOKENS.has(name);
  return PARTS.some((part) => name.includes(part));
}
