import type { IncomingMessage } from 'node:http';
import { MAX_FRAME_BYTES } from '../frames/split-lines.ts';

/** Tools take files as arguments; peers that stop at 100 KB lose calls. */
export const MAX_BODY_BYTES = MAX_FRAME_BYTES;
/** Bodies that are under way, all together. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

/** 'too-large': the rest is passed over, so that the refusal arrives. 'busy': too many large ones at once. */
export type Body = Buffer | 'too-large' | 'busy';

export interface BodyReader {
  /** Calls back once with the whole body; never, when the client goes away before its end. */
  read(request: IncomingMessage, done: (body: Body) => void): void;
}

/** A callback where a promise would do: this is on the way of every call. */
export function createBodyReader(maxHeldBytes: number = MAX_HELD_BYTES): BodyReader {
  let held = 0;
  return {
    read(request, done) {
      let first: Buffer | null = null;
      let more: Buffer[] | null = null;
      let size = 0;
      let refusal: 'too-large' | 'busy' | null = null;
      const letGo = (): void => {
        held -= size;
        first = more = null;
        size = 0;
      };
      request.on('data', (chunk: Buffer) => {
        if (refusal) return;
        size += chunk.length;
        held += chunk.length;
        if (size > MAX_BODY_BYTES || held > maxHeldBytes) {
          refusal = size > MAX_BODY_BYTES ? 'too-large' : 'busy';
          letGo();
        } else if (first === null) first = chunk;
        else (more ??= []).push(chunk);
      });
      request.on('end', () => {
        // Nearly always one chunk: nothing to join.
        const body = refusal ?? (more ? Buffer.concat([first!, ...more], size) : (first ?? EMPTY));
        letGo();
        done(body);
      });
      request.on('error', letGo);
    },
  };
}

const EMPTY = Buffer.alloc(0);
