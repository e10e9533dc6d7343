import { rawBackend } from './target.ts';
import { stdioWire } from './target-direct.ts';
import { helloWire, SHARED, startBenchHub } from './target-hub.ts';
import { benchHome, Endings, startProgram, type Command } from './started.ts';
import { ask, firstTools, initialize } from './wire.ts';

/** How long a shared server is away for a client after it has died, beside what its start takes anyway. */
export interface Restart {
  /** Milliseconds from the crashed call's error to the next call's answer, every repetition. */
  backAgainMs: number[];
  /** From spawn to the handshake's answer without a hub, in turn with the others. */
  startMs: number[];
}

export async function restart(repetitions: number): Promise<Restart> {
  const endings = new Endings();
  const result: Restart = { backAgainMs: [], startMs: [] };
  try {
    // One server for each crash: what dies again and again is started later and later.
    const names = Array.from({ length: repetitions }, (_, n) => `bench-${n}`);
    const catalog: Record<string, Command> = Object.fromEntries(
      names.map((name) => [name, rawBackend.stdio]),
    );
    const hub = await startBenchHub(catalog, endings, SHARED);
    const home = benchHome(endings);
    for (const name of names) {
      const begun = performance.now();
      const alone = startProgram(home, rawBackend.stdio, true);
      await initialize(stdioWire(alone));
      result.startMs.push(performance.now() - begun);
      await alone.stop();

      const wire = await helloWire(hub, rawBackend.stdio, name);
      endings.add(() => wire.close());
      await firstTools(wire);
      const died = await ask(wire, 'tools/call', { name: 'crash', arguments: {} }).catch(
        (error: Error) => error,
      );
      if (!(died instanceof Error)) throw new Error('The server did not die.');
      const diedAt = performance.now();
      await ask(wire, 'tools/call', { name: 'echo', arguments: { message: 'again' } });
      result.backAgainMs.push(performance.now() - diedAt);
    }
    return result;
  } finally {
    await endings.run();
  }
}
