import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { copyAs, type CopyForm, type CopyTarget } from '../../../renderer/features/exchange/copy-as.ts';
import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { asShellWord } from '../../../renderer/lib/shell-word.ts';
import { detailOf } from './details.ts';

const target: CopyTarget = { origin: 'http://127.0.0.1:12009', token: null, isKnownServer: true };

function textOf(form: CopyForm, detail: ExchangeDetail, to: CopyTarget = target): string {
  const copied = copyAs(form, detail, to);
  if ('obstacle' in copied) throw new Error(copied.obstacle);
  return copied.text;
}

/** The words a shell makes of a command, with `$PATCHBAY_TOKEN` set. */
function words(command: string): string[] {
  const script = command.replace(/^\w+/, 'say');
  const shell = `say() { for word in "$@"; do printf '%s\\0' "$word"; done; }; ${script}`;
  return execFileSync('sh', ['-c', shell], { env: { PATCHBAY_TOKEN: 'secret' }, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

const body = (command: string): unknown => JSON.parse(words(command).at(-1)!);

describe('curl', () => {
  it('is one POST of the modern era to the server itself, the token as a variable', () => {
    const detail = detailOf({
      params: { name: 'echo', arguments: { message: 'it\'s 100% $HOME `x` \\ "q"' } },
    });
    const command = textOf('curl', detail);
    expect(command).not.toContain('secret');
    const said = words(command);
    expect(said.slice(0, 2)).toEqual(['-sS', 'http://127.0.0.1:12009/servers/my%20server/mcp']);
    expect(said.filter((_, at) => said[at - 1] === '-H')).toEqual([
      'Authorization: Bearer secret',
      'Content-Type: application/json',
      'Accept: application/json',
      'MCP-Protocol-Version: 2026-07-28',
      'Mcp-Method: tools/call',
      'Mcp-Name: echo',
    ]);
    expect(body(command)).toEqual({
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: {
        name: 'echo',
        arguments: { message: 'it\'s 100% $HOME `x` \\ "q"' },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'curl', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    });
  });

  it('keeps numbers and what the client said, but for the token of progress', () => {
    const text =
      '{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"_meta":{"progressToken":1,"trace":9007199254740993},"name":"echo","arguments":{"n":1.0}}}';
    const command = textOf('curl', detailOf({ text, rpcId: '"a"' }));
    expect(command).toContain('"trace":9007199254740993');
    expect(command).toContain('"arguments":{"n":1.0}');
    expect(command).not.toContain('progressToken');
    expect(command).toContain('"id":"a"');
  });

  it('writes names that no header may hold as Base64, and hidden characters as escapes', () => {
    const detail = detailOf({ params: { name: 'größe\u202E', arguments: { bell: '\u0007\u200B' } } });
    const command = textOf('curl', detail);
    expect(command).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E\u200B]/);
    const header = words(command).find((word) => word.startsWith('Mcp-Name'))!;
    const encoded = /^Mcp-Name: =\?base64\?(.*)\?=$/.exec(header)![1]!;
    expect(Buffer.from(encoded, 'base64').toString()).toBe('größe\u202E');
    expect(body(command)).toMatchObject({
      params: { name: 'größe\u202E', arguments: { bell: '\u0007\u200B' } },
    });
  });

  it('sends what is too long for an argument through standard input', () => {
    const detail = detailOf({ params: { name: 'echo', arguments: { message: 'x'.repeat(200_000) } } });
    expect(textOf('curl', detail)).toMatch(/--data-binary @- <<'PATCHBAY_BODY'\n\{.*\}\nPATCHBAY_BODY$/);
  });

  it('holds the token only when asked to', () => {
    const detail = detailOf({});
    expect(words(textOf('curl', detail, { ...target, token: 'tok-1' }))).toContain(
      'Authorization: Bearer tok-1',
    );
    // No token of ours looks like this: it must not become part of a command.
    expect(textOf('curl', detail, { ...target, token: "x' ; rm" })).toContain('$PATCHBAY_TOKEN');
  });
});

describe('MCP Inspector', () => {
  const inspect = (method: string, params: unknown): string[] =>
    words(textOf('inspector', detailOf({ method, params }))).slice(1);
  const start = [
    'http://127.0.0.1:12009/servers/my%20server/mcp',
    '--transport',
    'http',
    '--header',
    'Authorization: Bearer secret',
    '--method',
  ];

  it.each([
    [
      'tools/call',
      { name: 'echo', arguments: { zip: '10001', n: 1 } },
      ['--tool-name', 'echo', '--tool-args-json', '{"zip":"10001","n":1}'],
    ],
    ['tools/call', { name: '--version' }, ['--tool-name=--version']],
    ['tools/list', {}, []],
    ['resources/read', { uri: 'file:///a b' }, ['--uri', 'file:///a b']],
    ['prompts/get', { name: 'p', arguments: { a: 'b c' } }, ['--prompt-name', 'p', '--prompt-args', 'a=b c']],
  ])('calls %s', (method, params, rest) => {
    expect(inspect(method, params)).toEqual(['--cli', ...start, method, ...rest]);
  });
});

describe('what cannot be copied', () => {
  const obstacle = (form: CopyForm, detail: ExchangeDetail, to = target): unknown => {
    const copied = copyAs(form, detail, to);
    return 'obstacle' in copied ? copied.obstacle : null;
  };
  const notification: Partial<Exchange> = { kind: 'notification' };
  const fromServer: Partial<Exchange> = { direction: 'server-to-client' };

  it.each<[CopyForm, Parameters<typeof detailOf>[0], string]>([
    ['curl', { exchange: notification }, 'not-client'],
    ['replay', { exchange: fromServer }, 'not-client'],
    ['curl', { request: null }, 'no-body'],
    ['curl', { truncated: true }, 'cut'],
    ['curl', { params: { name: 'x'.repeat(1_000_001) } }, 'too-large'],
    ['curl', { method: 'ping' }, 'session'],
    ['inspector', { method: 'completion/complete' }, 'no-command'],
    ['response', { response: null }, 'no-response'],
    ['both', { response: null }, 'no-response'],
  ])('%s of %o', (form, given, reason) => {
    expect(obstacle(form, detailOf(given))).toBe(reason);
  });

  it('knows no address of a server that is not in the catalog', () => {
    expect(obstacle('curl', detailOf({}), { ...target, isKnownServer: false })).toBe('unknown-server');
  });

  it('says how many secrets are missing from a command', () => {
    expect(copyAs('curl', detailOf({ redactions: 2 }), target)).toMatchObject({ redactions: 2 });
  });
});

it('copies messages as formatted JSON, numbers as they are written', () => {
  const detail = detailOf({ text: '{"id":12345678901234567890}' });
  expect(textOf('request', detail)).toBe('{\n  "id": 12345678901234567890\n}');
  expect(JSON.parse(textOf('both', detail))).toHaveProperty('response.result');
  expect(textOf('replay', detail)).toBe('patchbay replay 5');
});

it('quotes words for the shell', () => {
  expect(asShellWord('a/b:c=1,2@x%')).toBe('a/b:c=1,2@x%');
  expect(words(`curl ${asShellWord("it's $1")} ${asShellWord('')}`)).toEqual(["it's $1", '']);
  expect(asShellWord('a\u001B[31mb')).toBe("'a[31mb'");
});
