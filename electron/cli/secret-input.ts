import type { ReadStream } from 'node:tty';
import { PatchbayError } from '../../shared/model/error.ts';
import { MAX_SECRET_BYTES } from '../hub/secrets/secret-names.ts';

type Input = NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;

const CTRL_C = '\u0003';
const BACKSPACE = new Set(['\u007f', '\b']);

/**
 * A secret from standard input: typed unseen at a terminal, else all that is piped in, without the line end that
 * shells add. Throws USAGE when it is given up or far too long.
 */
export async function readSecretValue(input: Input, question: string): Promise<string> {
  if (input.isTTY && input.setRawMode) return readUnseen(input, question);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const part = Buffer.from(chunk as string | Buffer);
    // What is too long is refused by the store, with the name; this only bounds what is read.
    size += part.length;
    if (size > MAX_SECRET_BYTES * 2) break;
    parts.push(part);
  }
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

function readUnseen(input: Input, question: string): Promise<string> {
  process.stderr.write(question);
  input.setRawMode!(true);
  input.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let value = '';
    const finish = (): void => {
      input.setRawMode!(false);
      input.off('data', onData);
      input.pause();
      process.stderr.write('\n');
    };
    const onData = (text: string | Buffer): void => {
      for (const key of String(text)) {
        if (key === CTRL_C) {
          finish();
          return reject(new PatchbayError('USAGE', 'Given up; nothing was changed.'));
        }
        if (key === '\r' || key === '\n') {
          finish();
          return resolve(value);
        }
        value = BACKSPACE.has(key) ? value.slice(0, -1) : value + key;
      }
    };
    input.on('data', onData);
    input.resume();
  });
}
