import { describe, expect, it } from 'vitest';
import {
  addressKind,
  assertAddressAllowed,
  guardedLookup,
} from '../../../electron/hub/servers/remote/address-guard.ts';
import { createOAuthFetch } from '../../../electron/hub/servers/remote/oauth-fetch.ts';
import type { RemoteEndpoint } from '../../../electron/hub/servers/remote/remote-target.ts';

describe('kinds of addresses (E21)', () => {
  it.each([
    [
      'loopback',
      ['127.0.0.1', '127.255.255.254', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', '64:ff9b::7f00:1'],
    ],
    [
      'special',
      [
        '169.254.169.254',
        '::ffff:a9fe:a9fe',
        '2002:a9fe:a9fe::1',
        'fe80::1',
        'fe80::1%eth0',
        'fd00:ec2::254',
        '224.0.0.1',
        '255.255.255.255',
        'ff02::1',
        'nonsense',
        '',
      ],
    ],
    [
      'private',
      ['10.0.0.1', '172.31.0.1', '192.168.1.1', '100.64.0.1', 'fc00::1', 'fdff::1', '::ffff:10.0.0.1'],
    ],
    [
      'public',
      ['1.1.1.1', '172.32.0.1', '2606:4700::1111', '64:ff9b::101:101', '::ffff:8.8.8.8', '2002:808:808::1'],
    ],
  ])('%s', (kind, addresses) => {
    for (const address of addresses) expect(addressKind(address), address).toBe(kind);
  });

  it('are seen through every spelling that a URL may have', () => {
    const isAllowed = (kind: string): boolean => kind === 'public';
    for (const host of [
      '2130706433',
      '0x7f.1',
      '017700000001',
      '[::ffff:127.0.0.1]',
      '127.1',
      '[0:0:0:0:0:0:0:1]',
    ]) {
      expect(() => assertAddressAllowed(new URL(`http://${host}/`), isAllowed), host).toThrow(/not allowed/);
    }
    expect(() => assertAddressAllowed(new URL('http://1.1.1.1/'), isAllowed)).not.toThrow();
  });

  it('are checked on what a name leads to, at the time of the connection', async () => {
    const lookUp = (allows: boolean): Promise<unknown> =>
      new Promise((resolve, reject) => {
        guardedLookup(() => allows)('localhost', { all: true }, (error, addresses) => {
          if (error) reject(error);
          else resolve(addresses);
        });
      });
    await expect(lookUp(false)).rejects.toMatchObject({ code: 'ERR_PATCHBAY_ADDRESS' });
    expect(await lookUp(true)).not.toEqual([]);
  });
});

describe('where a server may send a login to (E21)', () => {
  const reach = async (
    server: string,
    target: string,
    oauth: RemoteEndpoint['oauth'] = {},
  ): Promise<string> => {
    const net = await createOAuthFetch(
      {
        server: 's',
        url: new URL(server),
        transport: 'http',
        headers: {},
        hasOwnAuthorization: false,
        oauth,
      },
      () => null,
    );
    try {
      return `HTTP ${(await net.fetch(target)).status}`;
    } catch (error) {
      return (error as Error).message;
    } finally {
      net.close();
    }
  };

  it.each([
    ['https://1.1.1.1/mcp', 'https://127.0.0.1:9/x', 'refused'],
    ['https://1.1.1.1/mcp', 'https://10.255.255.1/x', 'refused'],
    ['https://10.0.0.1/mcp', 'https://127.0.0.1:9/x', 'refused'],
    ['http://127.0.0.1/mcp', 'http://169.254.169.254/latest', 'refused'],
    ['http://127.0.0.1/mcp', 'http://127.0.0.1:9/x', 'tried'],
    ['https://localhost/mcp', 'https://127.0.0.1:9/x', 'tried'],
  ])('from %s to %s: %s', async (server, target, expected) => {
    expect(await reach(server, target)).toMatch(
      expected === 'refused' ? /must not use/ : /refuses connections/,
    );
  });

  it('follows the person who says that the login is in a private network', async () => {
    expect(await reach('https://1.1.1.1/mcp', 'https://127.0.0.1:9/x', { privateNetwork: true })).toMatch(
      /refuses conn/,
    );
  });

  it.each(['http://127.0.0.1:9/x', 'file:///etc/passwd', 'gopher://127.0.0.1/'])(
    'never leaves TLS, nor HTTP: %s',
    async (target) => {
      expect(await reach('https://localhost/mcp', target)).toMatch(/not safe for a login/);
    },
  );
});
