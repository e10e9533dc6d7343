import type { Duplex } from 'node:stream';
import type { Direction } from '../../../shared/model/exchange.ts';
import { splitLines, type LineSplitter } from '../frames/split-lines.ts';
import type { Instance } from '../servers/instance.ts';
import { lastWords } from '../supervisor/last-words.ts';
import type { SessionTap } from '../traffic/tap.ts';
import { ServerInput } from './server-input.ts';

export type PipeEnd = 'client' | 'server';

/**
 * One session, one instance: bytes go through untouched in both directions, whatever the method and revision. Every
 * chunk is handed on first and as it came, one write for one read; the tap sees the frames afterwards, and nobody else
 * reads them. Resolves with the side that ended first, when the other side was told and nothing is left to move.
 */
export async function pipe(
  downstream: Duplex,
  rest: Buffer,
  instance: Instance,
  tap: SessionTap,
): Promise<PipeEnd> {
  const { stdin, stdout } = instance.child;
  let isOver = false;
  let receivedAt = 0;
  let forwardedAt = 0;
  const observe = (direction: Direction): LineSplitter =>
    splitLines({
      line: (line) => tap.frame(direction, line, receivedAt, forwardedAt),
      oversized: (bytes, edges) => tap.oversized(direction, bytes, edges),
    });
  const fromClient = observe('client-to-server');
  const fromServer = observe('server-to-client');

  // A server that reads no more is of no use to its session: that it is ended counts as a crash, so it gets a new one.
  const input = new ServerInput(downstream, stdin, () => instance.child.kill('SIGKILL'));
  const deaf = (): void => {
    if (!isOver) instance.child.kill();
  };
  const toServer = (chunk: Buffer): void => {
    receivedAt = performance.now();
    input.push(chunk);
    forwardedAt = performance.now();
    fromClient.push(chunk);
  };
  const toClient = (chunk: Buffer): void => {
    receivedAt = performance.now();
    // A client that reads no more stops its own server, at the size of one pipe buffer (C20).
    if (downstream.writable && !downstream.write(chunk)) stdout.pause();
    forwardedAt = performance.now();
    fromServer.push(chunk);
  };
  const clientReads = (): void => void stdout.resume();

  const clientEnded = new Promise<PipeEnd>((resolve) => {
    const ended = (): void => resolve('client');
    downstream.once('end', ended);
    downstream.once('close', ended);
    downstream.on('error', ended);
  });
  const serverEnded = instance.ended.then((): PipeEnd => 'server');

  stdin.on('error', deaf);
  stdout.on('error', () => {});
  if (rest.length > 0) toServer(rest);
  downstream.on('data', toServer);
  downstream.on('drain', clientReads);
  stdout.on('data', toClient);
  downstream.resume();

  const first = await Promise.race([clientEnded, serverEnded]);
  isOver = true;
  if (first === 'client') await instance.stop();
  else await lastWords(stdout);

  input.close();
  stdin.off('error', deaf);
  downstream.off('data', toServer);
  downstream.off('drain', clientReads);
  stdout.off('data', toClient);
  fromClient.end();
  fromServer.end();
  tap.close();
  downstream.end();
  return first;
}
