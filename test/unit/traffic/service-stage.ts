import path from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { createTrafficServiceWith } from '../../../electron/hub/traffic/create-traffic-service.ts';
import type { SessionTap } from '../../../electron/hub/traffic/tap.ts';
import type { TrafficService } from '../../../electron/hub/traffic/traffic-service.ts';
import type { Exchange, UsageSample } from '../../../shared/model/exchange.ts';
import type { StderrLine } from '../../../shared/model/server.ts';
import { HubSettings } from '../../../shared/model/settings.ts';
import { sameThreadStore, type SameThreadStore } from './same-thread-store.ts';
import { temporaryFolders } from './temporary-folder.ts';

export const MINUTE = 60_000;

/** A traffic service over a store in the same thread, with a session to tap; new for each test of the file. */
export class ServiceStage {
  file = '';
  now = 0;
  stderr: StderrLine[] = [];
  usage: UsageSample[] = [];
  annotationChanges = 0;
  store!: SameThreadStore;
  service!: TrafficService;
  tap!: SessionTap;
  readonly folder = temporaryFolders();

  constructor() {
    beforeEach(() => {
      this.file = path.join(this.folder(), 'traffic.db');
      this.now = 28_333_333 * MINUTE;
      this.stderr = [];
      this.usage = [];
      this.annotationChanges = 0;
    });
    afterEach(async () => {
      vi.useRealTimers();
      await this.service.close();
    });
  }

  start(settings: Partial<HubSettings> = {}): void {
    this.store = sameThreadStore(() => this.now);
    this.service = createTrafficServiceWith(
      {
        file: this.file,
        settings: HubSettings.parse(settings),
        now: () => this.now,
        surroundings: { stderr: () => this.stderr, usage: () => this.usage },
        onAnnotations: () => (this.annotationChanges += 1),
      },
      this.store.open,
    );
    this.tap = this.service.tap.openSession({
      sessionId: 's1',
      client: 'claude-code',
      project: '/home/me/web',
      server: 'github',
      instanceId: 'i1',
    });
  }

  send(direction: 'up' | 'down', message: object, at = performance.now()): void {
    const frame = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.tap.frame(direction === 'up' ? 'client-to-server' : 'server-to-client', frame, at, at);
  }

  call(id: number, tool = 'create_issue', answer: object = { result: {} }): void {
    const at = performance.now();
    this.send('up', { id, method: 'tools/call', params: { name: tool } }, at);
    this.send('down', { id, ...answer }, at + 5);
  }

  async list(filter = '', limit = 100): Promise<Exchange[]> {
    return (await this.service.list({ filter, limit })).exchanges;
  }

  /** Only what the service waits with; messages to the store go on arriving. */
  fakeTimers(): void {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  }
}

/** The code of what a promise rejects with. */
export const rejected = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error as { code?: string }).code,
  );
