import { useLayoutEffect, useState } from 'react';

/** Work that can be stopped and taken up again; true when there is nothing more to do. */
export interface SlicedWork {
  run(isDue: () => boolean): boolean;
}

/** Half a frame: the page stays at its pace while megabytes are read. */
const SLICE_MS = 8;

/**
 * Does work in slices between frames and says when it is through. The first slice comes before the first paint, so
 * that what is small never shows as loading. Another object is other work; what is left of the former is dropped.
 */
export function useSlicedWork(work: SlicedWork | null): boolean {
  const [finished, setFinished] = useState<SlicedWork | null>(null);
  useLayoutEffect(() => {
    if (work === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const goOn = (): void => {
      const started = performance.now();
      if (work.run(() => performance.now() - started > SLICE_MS)) setFinished(work);
      else timer = setTimeout(goOn);
    };
    goOn();
    return () => clearTimeout(timer);
  }, [work]);
  return work !== null && finished === work;
}
