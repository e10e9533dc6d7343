import { type ReactNode, useState } from 'react';
import type { HubStatus } from '../../shared/model/hub.ts';
import { useLinkState, useResource } from '../lib/hub-context.tsx';
import { formatRoute } from '../lib/route.ts';
import { messages } from '../messages/messages.ts';
import { type DotTone, StatusDot } from '../ui/status-dot.tsx';
import { BypassDialog } from './bypass-dialog.tsx';

const ERRORS_ROUTE = formatRoute({
  screen: 'traffic',
  filter: 'status:failed since:1h',
  exchange: null,
});

/** The hub's state in one line, always in view. Numbers that mean trouble are the only coloured ones. */
export function StatusBar() {
  const link = useLinkState();
  const { data: status } = useResource('status');
  const isConnected = link.phase === 'connected';
  const tone: DotTone = isConnected ? 'good' : link.phase === 'lost' ? 'warn' : 'idle';
  return (
    <footer
      aria-label={messages.status.label}
      className="col-span-2 flex min-w-0 items-center gap-4 overflow-hidden border-t border-line px-3 text-2xs text-muted"
    >
      <span role="status">
        <StatusDot tone={tone}>
          {isConnected
            ? messages.status.connected
            : messages.status[link.phase === 'lost' ? 'lost' : 'connecting']}
        </StatusDot>
      </span>
      {status && <StatusFacts status={status} />}
    </footer>
  );
}

function StatusFacts({ status }: { status: HubStatus }) {
  const [showsBypasses, setShowsBypasses] = useState(false);
  return (
    <>
      <span className="whitespace-nowrap">{messages.status.sessions(status.sessions)}</span>
      {status.errorsLastHour > 0 ? (
        <a href={ERRORS_ROUTE} className="whitespace-nowrap text-danger hover:underline">
          {messages.status.errors(status.errorsLastHour)}
        </a>
      ) : (
        <span className="whitespace-nowrap">{messages.status.errors(0)}</span>
      )}
      {status.droppedExchanges > 0 && <Warning>{messages.status.dropped(status.droppedExchanges)}</Warning>}
      {status.bypasses.length > 0 && (
        <button
          type="button"
          className="whitespace-nowrap text-warn hover:underline"
          onClick={() => setShowsBypasses(true)}
        >
          {messages.status.bypasses(status.bypasses.length)}
        </button>
      )}
      <span className="flex-1" />
      <span className="hidden truncate font-mono whitespace-nowrap text-faint min-[900px]:inline">
        {`127.0.0.1:${status.port}`}
      </span>
      <span className="whitespace-nowrap text-faint">{messages.status.version(status.version)}</span>
      <BypassDialog
        bypasses={status.bypasses}
        isOpen={showsBypasses}
        onClose={() => setShowsBypasses(false)}
      />
    </>
  );
}

const Warning = ({ children }: { children: ReactNode }) => (
  <span className="whitespace-nowrap text-warn">{children}</span>
);
