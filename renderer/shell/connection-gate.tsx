import { type ReactNode, useState } from 'react';
import { useHub, useLinkState } from '../lib/hub-context.tsx';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { Spinner } from '../ui/spinner.tsx';

/**
 * Shows the app once there was a connection; from then on a lost one only marks what is shown as stale. Before that,
 * says why there is nothing to show and what to do.
 */
export function ConnectionGate({ children }: { children: ReactNode }) {
  const { link } = useHub();
  const state = useLinkState();
  const [wasConnected, setWasConnected] = useState(false);
  if (state.phase === 'connected' && !wasConnected) setWasConnected(true);

  if (state.phase === 'refused') {
    const isRejected = state.reason === 'token-rejected';
    return (
      <GatePage title={isRejected ? messages.gate.rejectedTitle : messages.gate.noTokenTitle}>
        <p className="text-muted">{isRejected ? messages.gate.rejected : messages.gate.noToken}</p>
        <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-3 gap-y-1.5">
          <CommandHint command="patchbay serve" effect={messages.gate.howServe} />
          <CommandHint command="patchbay status" effect={messages.gate.howStatus} />
        </dl>
        {isRejected && <Button onClick={link.retry}>{messages.common.retry}</Button>}
      </GatePage>
    );
  }
  if (wasConnected) return children;
  if (state.phase === 'lost') {
    return (
      <GatePage title={messages.gate.unreachableTitle}>
        <p className="text-muted">{messages.gate.unreachable}</p>
        <Button onClick={link.retry}>{messages.status.retryNow}</Button>
      </GatePage>
    );
  }
  return (
    <main className="grid h-full place-items-center">
      <h1 className="sr-only">{messages.common.product}</h1>
      <Spinner label={messages.gate.connecting} />
    </main>
  );
}

function GatePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="grid h-full place-items-center p-6">
      <div className="flex max-w-[26rem] flex-col items-start gap-3">
        <Logo className="size-9" />
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children}
      </div>
    </main>
  );
}

function CommandHint({ command, effect }: { command: string; effect: string }) {
  return (
    <>
      <dt>
        <code className="rounded bg-sunken px-1.5 py-0.5 font-mono text-xs">{command}</code>
      </dt>
      <dd className="text-muted">{effect}</dd>
    </>
  );
}
