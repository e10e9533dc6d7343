import type { ReactNode } from 'react';

/** A titled group of settings: title at the side, controls beside it. */
export function SettingsSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="grid gap-x-8 gap-y-2 border-b border-line pb-5 last:border-0 min-[760px]:grid-cols-[10rem_minmax(0,1fr)]"
    >
      <h2 className="text-base font-semibold">{title}</h2>
      <div className="max-w-xl">{children}</div>
    </section>
  );
}
