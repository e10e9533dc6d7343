import type { ReactNode } from 'react';

/** A bordered table that scrolls sideways by itself where the window is narrow. */
export function TableFrame({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="overflow-x-auto rounded-lg border border-line bg-surface"
    >
      <table className="w-full border-collapse text-xs [&_tbody_tr]:border-t [&_tbody_tr]:border-line/60 [&_td]:px-2.5 [&_td]:py-1 [&_th]:h-7 [&_th]:px-2.5 [&_th]:text-2xs [&_th]:font-medium [&_th]:text-muted [&_th:not(.text-right)]:text-left [&_thead]:bg-canvas">
        <caption className="sr-only">{label}</caption>
        {children}
      </table>
    </div>
  );
}
