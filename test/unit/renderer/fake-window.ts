import { handClock, type HandClock } from './page-clock.ts';

/** A socket that only does what the test says. */
export class FakeSocket extends EventTarget {
  readyState = 0;
  readonly url: string;
  readonly protocols: string[];

  constructor(url: string, protocols: string[]) {
    super();
    this.url = url;
    this.protocols = protocols;
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }

  send(): void {}
}

export interface FakeWindow {
  /** To be given to what is tested. */
  window: Window & typeof globalThis;
  clock: HandClock;
  sockets: FakeSocket[];
  /** Whether `/health` answers. */
  isHubThere: boolean;
  /** Changes the address as a person does; fires `hashchange`. */
  goTo(hash: string): void;
  hash(): string;
  /** Delivers a window message. */
  post(message: { data: unknown; source?: unknown; ports?: MessagePort[] }): void;
}

/** As much of a browser window as the links use. */
export function fakeWindow(hash = ''): FakeWindow {
  const clock = handClock();
  const events = new EventTarget();
  const stored = new Map<string, string>();
  const location = { hash, pathname: '/', search: '', protocol: 'http:', host: '127.0.0.1:12009' };
  const sockets: FakeSocket[] = [];
  const fake = {
    isHubThere: true,
    clock,
    sockets,
    goTo(next: string) {
      location.hash = next;
      events.dispatchEvent(new Event('hashchange'));
    },
    hash: () => location.hash,
    post({ data, source, ports = [] }: { data: unknown; source?: unknown; ports?: MessagePort[] }) {
      const event = Object.assign(new Event('message'), { data, ports, source: source ?? window });
      events.dispatchEvent(event);
    },
  };
  const window = {
    ...clock,
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    location,
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    },
    history: {
      replaceState(_state: unknown, _title: string, url: string) {
        location.hash = url.slice(url.indexOf('#'));
      },
    },
    fetch: () => (fake.isHubThere ? Promise.resolve(new Response('ok')) : Promise.reject(new TypeError())),
    WebSocket: class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    },
    // Only what the links touch is there; everything else would be a call that the test has to know about.
  } as unknown as Window & typeof globalThis;
  return Object.assign(fake, { window });
}
