import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLegacyClient } from '../../../electron/hub/witness/legacy-client.ts';
import { ServerFault } from '../../../electron/hub/witness/server-fault.ts';
import { answering, wire } from './wire.ts';

describe('requests', () => {
  it('B07, B20: finds its answer among junk, strangers and notifications', async () => {
    const { client } = wire(({ id }, { say }) => {
      say('Listening on stdio…');
      say('{"half":');
      say('[]');
      say('null');
      say(`{"jsonrpc":"2.0","id":"${String(id)}","result":"other type of id"}`);
      say('{"jsonrpc":"2.0","id":999,"result":"nobody asked"}');
      say('{"jsonrpc":"2.0","method":"notifications/message","params":{}}');
      say(`{"jsonrpc":"2.0","id":${String(id)},"result":{"ok":1}}`);
    });
    expect(await client.request('x', {}, 1_000)).toEqual({ ok: 1 });
  });

  it('takes an answer out of a batch', async () => {
    const { client } = wire(({ id }, { say }) => say(`[{"jsonrpc":"2.0","id":${String(id)},"result":7}]`));
    expect(await client.request('x', {}, 1_000)).toBe(7);
  });

  it('reads an answer whose line was never ended', async () => {
    const { client } = wire(({ id }, { output }) =>
      output.end(`{"jsonrpc":"2.0","id":${String(id)},"result":7}`),
    );
    expect(await client.request('x', {}, 1_000)).toBe(7);
  });

  it('rejects with the server’s error, and for an answer that is none', async () => {
    const refusing = answering(() => ({ error: { code: -32600, message: 'no' } }));
    await expect(refusing.client.request('x', {}, 1_000)).rejects.toThrow('answered x with error -32600: no');
    const empty = answering(() => ({}));
    await expect(empty.client.request('x', {}, 1_000)).rejects.toThrow(
      'answered x with neither result nor error',
    );
  });

  it('B06: does not wait longer than it was told', async () => {
    await expect(wire().client.request('initialize', {}, 20)).rejects.toThrow(
      'did not answer initialize within 0.02 s',
    );
  });

  it('fails what is open and everything after it was closed', async () => {
    const { client } = wire();
    const open = client.request('x', {}, 1_000);
    client.close(new ServerFault('ended'));
    await expect(open).rejects.toThrow('ended');
    await expect(client.request('y', {}, 1_000)).rejects.toThrow('ended');
  });

  it('B09: fails the request when a line has no end, and stays in step', async () => {
    let first = true;
    const { client } = wire(({ id }, { output }) => {
      if (first)
        for (let mebibyte = 0; mebibyte < 17; mebibyte += 1) output.write(Buffer.alloc(1024 * 1024, 0x20));
      first = false;
      output.write(`\n{"jsonrpc":"2.0","id":${String(id)},"result":2}\n`);
    });
    await expect(client.request('x', {}, 1_000)).rejects.toThrow('sent a line of 17825792 bytes');
    expect(await client.request('y', {}, 1_000)).toBe(2);
  });
});

describe('requests of the server', () => {
  it('B27: are answered politely, with the same id', async () => {
    const { client, sent, say } = wire(({ method, id }, { say: reply }) => {
      if (method === 'done') reply(`{"jsonrpc":"2.0","id":${String(id)},"result":{}}`);
    });
    say('{"jsonrpc":"2.0","id":0,"method":"roots/list"}');
    say('{"jsonrpc":"2.0","id":"a","method":"ping"}');
    say('{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}');
    await client.request('done', {}, 1_000);
    expect(sent.filter(({ method }) => method === undefined)).toEqual([
      { jsonrpc: '2.0', id: 0, result: { roots: [{ uri: 'file:///work/a%20b', name: 'a b' }] } },
      { jsonrpc: '2.0', id: 'a', result: {} },
      { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'Method not found: sampling/createMessage' } },
    ]);
  });

  it('B17: are no longer answered to a server that does not read', async () => {
    const input = new PassThrough({ highWaterMark: 1 });
    const output = new PassThrough();
    const client = createLegacyClient({ input, output }, '/');
    const open = client.request('x', {}, 5_000);
    const flood = `${'{"jsonrpc":"2.0","id":1,"method":"ping"}\n'.repeat(40_000)}`;
    output.write(flood);
    await expect(open).rejects.toThrow('does not read its input');
  });
});
