import type { IncomingMessage } from 'node:http';

/** The whole body; null when it is larger than `maxBytes` (the rest is read and thrown away, so the answer arrives). */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) parts.push(chunk);
      else parts.length = 0;
    });
    request.once('end', () => resolve(size <= maxBytes ? Buffer.concat(parts, size) : null));
    request.once('error', reject);
    request.once('aborted', () => reject(new Error('The request was cut off.')));
  });
}
