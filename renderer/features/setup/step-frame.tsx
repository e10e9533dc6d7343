import { type ReactNode, useEffect, useRef } from 'react';

interface StepFrameProps {
  heading: string;
  lead: string;
  children: ReactNode;
  /** The way on, and back; the last button is the one to press. */
  actions?: ReactNode;
}

/** What every step of the wizard looks like: what it is, what it shows, where to go from it. */
export function StepFrame({ heading, lead, children, actions }: StepFrameProps) {
  const title = useRef<HTMLHeadingElement>(null);
  // A new step is a new page: keyboard and screen reader go on at its top.
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <header>
        <h2 ref={title} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
          {heading}
        </h2>
        <p className="mt-0.5 text-muted">{lead}</p>
      </header>
      {children}
      {actions && (
        <footer className="sticky bottom-0 -mx-4 flex flex-wrap items-center justify-end gap-2 border-t border-line bg-canvas px-4 py-3">
          {actions}
        </footer>
      )}
    </>
  );
}
