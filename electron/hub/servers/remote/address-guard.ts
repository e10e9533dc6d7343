import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIPv4, isIPv6, type LookupFunction } from 'node:net';

/**
 * What kind of machine an address leads to. `special` is link-local (where clouds serve credentials of the machine),
 * multicast and reserved: no server of a person stands there.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'special';

const listOf = (...subnets: string[]): BlockList => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address, prefix] = subnet.split('/');
    list.addSubnet(address!, Number(prefix), isIPv4(address!) ? 'ipv4' : 'ipv6');
  }
  return list;
};

const KINDS: readonly (readonly [Exclude<AddressKind, 'public'>, BlockList])[] = [
  // The unspecified address reaches this machine on Linux and macOS.
  ['loopback', listOf('127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128')],
  [
    'special',
    listOf('169.254.0.0/16', 'fe80::/10', '224.0.0.0/4', '240.0.0.0/4', 'ff00::/8', 'fd00:ec2::254/128'),
  ],
  [
    'private',
    listOf(
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '100.64.0.0/10',
      '198.18.0.0/15',
      'fc00::/7',
      'fec0::/10',
    ),
  ],
];

/** Kind of an IP address as text; one that cannot be read is `special`. */
export function addressKind(address: string): AddressKind {
  const bare = address.split('%')[0]!;
  const inner = isIPv6(bare) ? embeddedIPv4(bare) : null;
  if (inner !== null) return addressKind(inner);
  const family = isIPv4(bare) ? 'ipv4' : isIPv6(bare) ? 'ipv6' : null;
  if (family === null) return 'special';
  return KINDS.find(([, list]) => list.check(bare, family))?.[0] ?? 'public';
}

/** The error by which a connection to an address of the wrong kind ends before it begins. */
export const ADDRESS_BLOCKED = 'ERR_PATCHBAY_ADDRESS';

/**
 * Throws where a URL names an address itself, which no lookup would see, and the address is of a kind that is not
 * allowed. URL has turned decimal, octal and hexadecimal forms into the usual one by then (E21).
 */
export function assertAddressAllowed(url: URL, isAllowed: (kind: AddressKind) => boolean): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if ((isIPv4(host) || isIPv6(host)) && !isAllowed(addressKind(host))) throw blocked(host);
}

/**
 * Looks names up for connections and refuses those that lead to a forbidden kind of address. The check is made on the
 * very addresses that are connected to, so a name that changes its mind in between gains nothing (E21).
 */
export function guardedLookup(isAllowed: (kind: AddressKind) => boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return done(error, '', 0);
      const allowed = addresses.filter(({ address }) => isAllowed(addressKind(address)));
      const first = allowed[0];
      if (!first) return done(blocked(hostname), '', 0);
      if (options.all) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}

const blocked = (host: string): Error =>
  Object.assign(new Error(`${host} leads to an address that is not allowed here.`), {
    code: ADDRESS_BLOCKED,
  });

/** The IPv4 address inside a mapped, NAT64, 6to4 or compatible one; null for the others. */
function embeddedIPv4(address: string): string | null {
  const words = wordsOf(address);
  const ipv4 = (high: number, low: number): string =>
    [words[high]! >> 8, words[high]! & 255, words[low]! >> 8, words[low]! & 255].join('.');
  const startsWith = (...head: number[]): boolean => head.every((word, index) => words[index] === word);
  if (startsWith(0, 0, 0, 0, 0, 0xffff)) return ipv4(6, 7);
  if (startsWith(0x64, 0xff9b, 0, 0, 0, 0)) return ipv4(6, 7);
  if (startsWith(0x2002)) return ipv4(1, 2);
  const isCompatible = startsWith(0, 0, 0, 0, 0, 0) && words[6] !== 0;
  return isCompatible ? ipv4(6, 7) : null;
}

/** The eight words of an IPv6 address that `isIPv6` accepts; URL knows all its spellings. */
function wordsOf(address: string): number[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const front = parse(head);
  if (tail === undefined) return front;
  const back = parse(tail);
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}
