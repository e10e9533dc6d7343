import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import { LARGE_BYTES } from './large-answer.ts';

const KEY = Buffer.from('"id":');
const COMMA = 0x2c;

/** The answer with its id replaced by `id` (raw JSON). */
export function withAnswerId(frame: Buffer, { ranges }: Envelope, id: string): Buffer {
  const { id: start, idEnd: end, result } = ranges;
  if (frame.length >= LARGE_BYTES && start < result) {
    // Nobody has looked behind the head of a large answer: what is last counts, so ours goes there.
    const keyStart = start - KEY.length;
    const isTight = frame.compare(KEY, 0, KEY.length, keyStart, start) === 0 && frame[end] === COMMA;
    if (isTight) {
      const close = frame.lastIndexOf(0x7d);
      return editFrame(frame, [
        { start: keyStart, end: end + 1, with: '' },
        { start: close, end: close, with: `,"id":${id}` },
      ]);
    }
  }
  return editFrame(frame, [{ start, end, with: id }]);
}
