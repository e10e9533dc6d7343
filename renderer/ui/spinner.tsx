import { LoaderCircle } from 'lucide-react';

/** Work under way, with words: motion alone would say nothing to many. */
export function Spinner({ label }: { label: string }) {
  return (
    <span role="status" className="inline-flex items-center gap-2 text-muted">
      <LoaderCircle aria-hidden="true" className="size-3.5 animate-spin" />
      {label}
    </span>
  );
}
