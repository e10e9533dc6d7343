import { readCutAnswerId } from '../frames/skim-envelope.ts';
import { splitLines } from '../frames/split-lines.ts';
import { lastWords } from '../supervisor/last-words.ts';
import { describeEnd } from './describe-end.ts';
import type { Instance } from './instance.ts';
import type { ConnectionEvents, OutboundFrame, ServerConnection } from './server-connection.ts';

const NEWLINE = 0x0a;
const DEAF_AFTER_MS = 300;
/** Of the JSON-RPC error for a call that could not be handed over. */
const NOT_DELIVERED = -32_000;

/**
 * A child's stdin and stdout as a connection. Its output is always read: a slow consumer has to bound what it keeps.
 * `closed` is told once, after the child's last words.
 */
export function connectStdio(instance: Instance, events: ConnectionEvents): ServerConnection {
  const { stdin, stdout } = instance.child;
  let isAsked = false;
  let isClosed = false;
  let isDeaf = false;
  let isCorked = false;
  let receivedAt = 0;

  const lines = splitLines({
    line: (bytes) => events.frame(bytes, null, receivedAt),
    oversized(bytes, edges) {
      const id = readCutAnswerId(edges);
      events.oversized(bytes, id === null ? null : Number(id));
    },
  });
  const receive = (chunk: Buffer): void => {
    receivedAt = performance.now();
    lines.push(chunk);
  };
  stdout.on('data', receive);
  stdout.on('error', () => {});

  // A server that has closed its input can take no more calls, though it may live on: it is of no use to anyone. One
  // that is just ending closes it too, and tells its own reason in a moment.
  let deafness: NodeJS.Timeout | undefined;
  stdin.once('error', () => {
    deafness = setTimeout(() => {
      isDeaf = true;
      void instance.stop();
    }, DEAF_AFTER_MS);
  });

  void instance.ended.then(async (end) => {
    clearTimeout(deafness);
    await lastWords(stdout);
    stdout.off('data', receive);
    lines.end();
    isClosed = true;
    events.closed(
      isDeaf
        ? { asked: isAsked, reason: 'closed its input' }
        : { asked: end.asked, reason: describeEnd(end) },
    );
  });

  const uncork = (): void => {
    isCorked = false;
    stdin.uncork();
  };

  return {
    correlates: false,
    get unsentBytes() {
      return stdin.writableLength;
    },
    send(frame, { request }: OutboundFrame) {
      if (isClosed) return;
      if (!stdin.writable) {
        if (request !== null) {
          events.failed(request, { code: NOT_DELIVERED, message: 'The server takes no more input.' });
        }
        return;
      }
      // The copy is the contract's (the frame may be a view) and saves a second write for the line end.
      const line = Buffer.allocUnsafe(frame.length + 1);
      frame.copy(line);
      line[frame.length] = NEWLINE;
      // What is sent in one turn of the loop goes out in one system call.
      if (!isCorked) {
        isCorked = true;
        stdin.cork();
        process.nextTick(uncork);
      }
      stdin.write(line);
    },
    abandon() {
      // Pipes carry no streams: the route says `notifications/cancelled`.
    },
    async close() {
      isAsked = true;
      await instance.stop();
    },
  };
}
