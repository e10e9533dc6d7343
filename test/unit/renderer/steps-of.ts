/**
 * In how many steps work is done that gives the page back its thread whenever it is asked to. One step for much work
 * would be a freeze; how long a step takes is measured by the bench.
 */
export function stepsOf(work: { run(isDue: () => boolean): boolean }): number {
  let steps = 1;
  while (!work.run(() => true)) steps += 1;
  return steps;
}
