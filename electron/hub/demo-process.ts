import { spawn } from 'node:child_process';
import { PatchbayError } from '../../shared/model/error.ts';
import type { Resources } from './host.ts';
import { stopChild } from './supervisor/stop-ladder.ts';

/** The demo builds a home, starts servers and migrates before it says where it is. */
const READY_MS = 60_000;

/** Gives the way to start the demo beside this hub, once; `own` takes what ends it with the hub. */
export function startDemoProcess(
  { cli }: Resources,
  own: (dispose: () => Promise<void>) => void,
): () => Promise<{ url: string }> {
  let running: Promise<{ url: string }> | null = null;
  return () => {
    running ??= start().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  };

  async function start(): Promise<{ url: string }> {
    const child = spawn(process.execPath, [cli, 'demo', '--json'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      env: { ...process.env, ...(process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {}) },
    });
    own(async () => void (await stopChild(child)));
    child.once('exit', () => (running = null));
    return await new Promise((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new PatchbayError('INTERNAL', `The demo did not start: ${why}.`));
      const timer = setTimeout(() => fail('it took too long'), READY_MS);
      let text = '';
      child.once('error', (error) => fail(error.message));
      child.once('exit', () => fail('it ended'));
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        for (const line of text.split('\n').slice(0, -1)) {
          try {
            const { url } = JSON.parse(line) as { url?: unknown };
            if (typeof url !== 'string') continue;
            clearTimeout(timer);
            resolve({ url });
          } catch {
            // Not the ready line.
          }
        }
      });
    });
  }
}
