import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WholeLines } from '../../../electron/shim/whole-lines.ts';

it('lets every byte through in order, and only whole lines until it is flushed', () => {
  const byte = fc.oneof(fc.constant(0x0a), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 12 }).chain((chunk) => fc.tuple(fc.constant(chunk), byte))),
      (parts) => {
        const chunks = parts.map(([chunk, last]) => Buffer.from([...chunk, last]));
        const all = Buffer.concat(chunks);
        let out = Buffer.alloc(0);
        const gate = new WholeLines((bytes) => (out = Buffer.concat([out, bytes])));
        for (const chunk of chunks) gate.push(chunk);
        expect(out).toEqual(all.subarray(0, all.lastIndexOf(0x0a) + 1));
        gate.flush();
        expect(out).toEqual(all);
      },
    ),
  );
});

it('drops half a line when the connection is lost', () => {
  const out: string[] = [];
  const gate = new WholeLines((bytes) => out.push(bytes.toString()));
  gate.push(Buffer.from('{"whole":1}\n{"half":'));
  gate.drop();
  gate.push(Buffer.from('{"next":1}\n'));
  expect(out).toEqual(['{"whole":1}\n', '{"next":1}\n']);
});
