import { fstatSync } from 'node:fs';
import { runDemo } from '../../hub/demo/run-demo.ts';
import { isSet } from '../command-line.ts';
import type { Context } from '../context.ts';

/** The whole main job in a throwaway home; with --once it ends after the rollback. */
export async function demo({ line, output, platform, resources, version }: Context): Promise<number> {
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort());
  // Whoever started the demo by a pipe and is gone, however it ended, wants no demo any more.
  if (line.json && fstatSync(0).isFIFO()) process.stdin.once('end', () => ended.abort()).resume();
  const story = { ...output, json: (value: unknown) => void (output.wantsJson && output.json(value)) };
  return await runDemo({
    platform,
    resources,
    version,
    once: isSet(line, 'once'),
    output: story,
    signal: ended.signal,
  });
}
