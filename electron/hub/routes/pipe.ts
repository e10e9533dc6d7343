import type { Duplex } from 'node:stream';
import { splitLines } from '../frames/split-lines.ts';
import type { Instance } from '../servers/instance-pool.ts';
import type { SessionTap } from '../traffic/tap.ts';

/** How long output may still arrive after the child's exit; a grandchild could hold the pipe for ever (B15). */
const LAST_WORDS_MS = 300;

export type PipeEnd = 'client' | 'server';

/**
 * One session, one instance: bytes go through untouched in both directions, whatever the method and revision. Every
 * chunk is handed on first; the tap sees the frames afterwards. Resolves with the side that ended first, when the
 * other side was told and nothing is left to move.
 */
export async function pipe(
  downstream: Duplex,
  rest: Buffer,
  instance: Instance,
  tap: SessionTap,
): Promise<PipeEnd> {
  const { stdin, stdout } = instance.child;
  let receivedAt = 0;
  let forwardedAt = 0;
  const fromClient = splitLines({
    line: (line) => tap.frame('client-to-server', line, receivedAt, forwardedAt),
    oversized: (bytes) => tap.oversized('client-to-server', bytes),
  });
  const fromServer = splitLines({
    line: (line) => tap.frame('server-to-client', line, receivedAt, forwardedAt),
    oversized: (bytes) => tap.oversized('server-to-client', bytes),
  });

  const toServer = (chunk: Buffer): void => {
    receivedAt = performance.now();
    if (stdin.writable && !stdin.write(chunk)) {
      // A server that stops reading stops its client, at the size of one pipe buffer, and nobody else (B17).
      downstream.pause();
      stdin.once('drain', () => downstream.resume());
    }
    forwardedAt = performance.now();
    fromClient.push(chunk);
  };
  const toClient = (chunk: Buffer): void => {
    receivedAt = performance.now();
    if (downstream.writable && !downstream.write(chunk)) {
      stdout.pause();
      downstream.once('drain', () => stdout.resume());
    }
    forwardedAt = performance.now();
    fromServer.push(chunk);
  };

  const clientEnded = new Promise<PipeEnd>((resolve) => {
    const ended = (): void => resolve('client');
    downstream.once('end', ended);
    downstream.once('close', ended);
    downstream.on('error', ended);
  });
  const serverEnded = instance.ended.then((): PipeEnd => 'server');
  const outputEnded = new Promise<void>((resolve) => {
    stdout.once('end', resolve);
    stdout.once('close', resolve);
    stdout.on('error', () => resolve());
  });

  if (rest.length > 0) toServer(rest);
  downstream.on('data', toServer);
  stdout.on('data', toClient);
  downstream.resume();

  const first = await Promise.race([clientEnded, serverEnded]);
  if (first === 'client') await instance.stop();
  else
    await Promise.race([outputEnded, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref())]);

  downstream.off('data', toServer);
  stdout.off('data', toClient);
  fromClient.end();
  fromServer.end();
  tap.close();
  downstream.end();
  return first;
}
