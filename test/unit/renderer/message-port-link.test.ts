import { expect, it, vi } from 'vitest';
import { createMessagePortLink } from '../../../renderer/lib/message-port-link.ts';
import { HUB_PORT_MESSAGE } from '../../../shared/contract/desktop-bridge.ts';
import { fakeWindow } from './fake-window.ts';

function desktop() {
  const page = fakeWindow();
  const requestHubPort = vi.fn();
  const link = createMessagePortLink(page.window, { requestHubPort });
  return { page, link, requestHubPort };
}

// Node's own ports are web ports, but for the type of their options.
const port = (): MessagePort => new MessageChannel().port1 as unknown as MessagePort;

it('asks for a port and is connected when it comes', () => {
  const { page, link, requestHubPort } = desktop();
  expect(requestHubPort).toHaveBeenCalledTimes(1);
  expect(link.state()).toEqual({ phase: 'connecting' });
  page.post({ data: HUB_PORT_MESSAGE, ports: [port()] });
  expect(link.state().phase).toBe('connected');
  link.dispose();
});

it('asks again while the hub is starting', () => {
  const { page, link, requestHubPort } = desktop();
  page.clock.timers();
  page.clock.timers();
  expect(requestHubPort).toHaveBeenCalledTimes(3);
  link.dispose();
  expect(page.clock.timerDelays).toEqual([]);
});

it('takes no port from another window, and none with another message (E33)', () => {
  const { page, link } = desktop();
  page.post({ data: HUB_PORT_MESSAGE, source: {}, ports: [port()] });
  page.post({ data: 'something else', ports: [port()] });
  page.post({ data: HUB_PORT_MESSAGE });
  expect(link.state()).toEqual({ phase: 'connecting' });
  link.dispose();
});

it('is lost when its port closes and goes over to the port of the restarted hub', () => {
  const { page, link } = desktop();
  const first = port();
  page.post({ data: HUB_PORT_MESSAGE, ports: [first] });
  first.dispatchEvent(new Event('close'));
  expect(link.state()).toEqual({ phase: 'lost' });
  page.post({ data: HUB_PORT_MESSAGE, ports: [port()] });
  expect(link.state().phase).toBe('connected');
  // The old one ends later than the new one came: that must not cut the new one off.
  first.dispatchEvent(new Event('close'));
  expect(link.state().phase).toBe('connected');
  link.dispose();
});
