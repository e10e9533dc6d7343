import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import { LARGE_FRAME_BYTES } from '../../frames/skim-envelope.ts';

const KEY = Buffer.from('"id"');
const COMMA = 0x2c;
const CLOSE_BRACE = 0x7d;
const BETWEEN = /^[ \t\r\n]*:[ \t\r\n]*$/;

/** The answer with its id replaced by `id` (raw JSON). */
export function withAnswerId(frame: Buffer, { ranges }: Envelope, id: string): Buffer {
  const { id: start, idEnd: end, result } = ranges;
  if (frame.length >= LARGE_FRAME_BYTES && start < result) {
    // Nobody has looked behind the head of a large answer: what is last counts, so ours goes there.
    const keyStart = frame.lastIndexOf(KEY, start);
    const isKey = keyStart !== -1 && BETWEEN.test(frame.toString('latin1', keyStart + KEY.length, start));
    if (isKey) {
      const close = frame.lastIndexOf(CLOSE_BRACE);
      return editFrame(frame, [
        { start: keyStart, end: frame.indexOf(COMMA, end) + 1, with: '' },
        { start: close, end: close, with: `,"id":${id}` },
      ]);
    }
  }
  return editFrame(frame, [{ start, end, with: id }]);
}
