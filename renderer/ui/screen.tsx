import type { ReactNode } from 'react';

interface ScreenProps {
  title: string;
  /** Controls beside the title. */
  controls?: ReactNode;
  children: ReactNode;
}

/** The frame of every screen: one heading, its controls, and a body that fills the rest. */
export function Screen({ title, controls, children }: ScreenProps) {
  return (
    <div className="flex h-full min-w-0 flex-col bg-surface">
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2">
        <h1 className="text-base font-semibold">{title}</h1>
        {controls}
      </header>
      <div className="min-h-0 flex-1">{children}</div>
    </div>
  );
}

/** A body that scrolls and keeps its lines readable on wide windows. */
export function ScrollingBody({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="h-full overflow-y-auto bg-canvas -outline-offset-2"
    >
      <div className="mx-auto flex max-w-5xl flex-col gap-4 p-4">{children}</div>
    </div>
  );
}
