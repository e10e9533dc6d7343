import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { type Command, useCommands } from '../../lib/commands.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';

const text = messages.setup.commands;

interface StepFrameProps {
  heading: string;
  lead: string;
  children?: ReactNode;
  /** The one way on. */
  next?: { label: string; run(): void; isDisabled?: boolean } | undefined;
  back?: (() => void) | undefined;
  /** Further buttons and words, between back and next. */
  extra?: ReactNode;
}

/** What every step of the wizard looks like: what it is, what it shows, where to go from it. */
export function StepFrame({ heading, lead, children, next, back, extra }: StepFrameProps) {
  const title = useRef<HTMLHeadingElement>(null);
  // A new step is a new page: keyboard and screen reader go on at its top.
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  useStepCommands(next?.isDisabled ? undefined : next?.run, back);
  return (
    <>
      <header>
        <h2 ref={title} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
          {heading}
        </h2>
        <p className="mt-0.5 text-muted">{lead}</p>
      </header>
      {children}
      {(next || back || extra) && (
        <footer className="sticky bottom-0 -mx-4 flex flex-wrap items-center justify-end gap-2 border-t border-line bg-canvas px-4 py-3">
          {back && <Button onClick={back}>{messages.common.back}</Button>}
          {extra}
          {next && (
            <Button variant="primary" disabled={next.isDisabled} onClick={next.run}>
              {next.label}
            </Button>
          )}
        </footer>
      )}
    </>
  );
}

function useStepCommands(next: (() => void) | undefined, back: (() => void) | undefined): void {
  // The registry wants the same commands until something changes, and these close over every choice.
  const latest = useRef({ next, back });
  useEffect(() => {
    latest.current = { next, back };
  });
  const canGoOn = next !== undefined;
  const canGoBack = back !== undefined;
  useCommands(
    useMemo(
      (): Command[] => [
        ...(canGoOn
          ? [
              {
                id: 'setup.next',
                label: text.next,
                group: text.group,
                keys: 'mod+enter',
                run: () => latest.current.next?.(),
              },
            ]
          : []),
        ...(canGoBack
          ? [
              {
                id: 'setup.back',
                label: text.back,
                group: text.group,
                keys: 'mod+backspace',
                run: () => latest.current.back?.(),
              },
            ]
          : []),
      ],
      [canGoOn, canGoBack],
    ),
  );
}
