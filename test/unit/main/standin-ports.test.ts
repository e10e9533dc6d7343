import { describe, expect, test } from 'vitest';
import { loudEmitter, loudObject } from '../../standin/loud.mjs';
import { MessageChannelMain } from '../../standin/message-ports.mjs';
import { PortRelay } from '../../standin/port-relay.mjs';

// The stand-in is what the desktop specs believe in, so its model of message ports has tests of its own.

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** What a port heard. */
function record(port: InstanceType<typeof MessageChannelMain>['port1']): unknown[] {
  const heard: unknown[] = [];
  port.on('message', (event: { data: unknown }) => heard.push(event.data));
  port.on('close', () => heard.push('closed'));
  return heard;
}

describe('a channel', () => {
  test('keeps messages until the port is started, then delivers them in order, as copies', async () => {
    const { port1, port2 } = new MessageChannelMain();
    const sent = { list: [1], bytes: new Uint8Array([1, 2]) };
    port1.postMessage(sent);
    port1.postMessage('second');
    sent.list.push(2);
    const heard = record(port2);
    await settled();
    expect(heard).toEqual([]);
    port2.start();
    await settled();
    expect(heard).toEqual([{ list: [1], bytes: new Uint8Array([1, 2]) }, 'second']);
  });

  test('tells only the other end that it was closed, after what was sent before', async () => {
    const { port1, port2 } = new MessageChannelMain();
    const [one, other] = [record(port1), record(port2)];
    port1.start();
    port2.start();
    port1.postMessage('last');
    port1.close();
    port2.postMessage('too late');
    await settled();
    expect([one, other]).toEqual([[], ['last', 'closed']]);
  });

  test('does not take what cannot be cloned', () => {
    const { port1 } = new MessageChannelMain();
    expect(() => port1.postMessage(() => {})).toThrow('An object could not be cloned.');
  });
});

describe('a port that went to another process', () => {
  /** Two processes with a wire between them. */
  function wire() {
    const here: PortRelay = new PortRelay((traffic) => there.receive(structuredClone(traffic)));
    const there: PortRelay = new PortRelay((traffic) => here.receive(structuredClone(traffic)));
    return { here, there };
  }

  test('carries messages both ways, also those sent before it left', async () => {
    const { here, there } = wire();
    const { port1, port2 } = new MessageChannelMain();
    port1.postMessage('early');
    const far = there.import(here.export(port2));
    const [near, heard] = [record(port1), record(far)];
    await settled();
    port1.start();
    far.start();
    port1.postMessage('down');
    far.postMessage('up');
    await settled();
    expect([near, heard]).toEqual([['up'], ['early', 'down']]);
  });

  test.each(['close', 'lost wire'])('ends for both by %s', async (how) => {
    const { here, there } = wire();
    const { port1, port2 } = new MessageChannelMain();
    const far = there.import(here.export(port2));
    const near = record(port1);
    port1.start();
    far.start();
    if (how === 'close') far.close();
    else here.closeAll();
    await settled();
    expect(near).toEqual(['closed']);
  });

  test('is of no more use where it left from', () => {
    const { here } = wire();
    const { port1 } = new MessageChannelMain();
    here.export(port1);
    expect(() => here.export(port1)).toThrow();
  });
});

describe('what is not pretended', () => {
  test('fails with its name', () => {
    class Window extends loudEmitter('BrowserWindow') {
      show(): string {
        return 'shown';
      }
    }
    const window = new Window() as Window & Record<string, unknown>;
    expect(window.show()).toBe('shown');
    expect(window.listenerCount('x')).toBe(0);
    expect(() => window.setOpacity).toThrow('BrowserWindow.setOpacity is not implemented');
    const dialog = loudObject('dialog', { ask: () => 1 }) as Record<string, unknown>;
    expect(() => dialog.showOpenDialog).toThrow('dialog.showOpenDialog is not implemented');
  });
});
