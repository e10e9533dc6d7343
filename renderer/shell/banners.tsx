import { useHub, useLinkState, useResource } from '../lib/hub-context.tsx';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { SafeText } from '../ui/safe-text.tsx';

/** What must not be missed whatever screen is open: lost connection, broken catalog, unusable log. */
export function Banners() {
  const { link } = useHub();
  const { phase } = useLinkState();
  const { data: status } = useResource('status');
  return (
    <>
      {phase === 'lost' && (
        <Notice
          tone="warn"
          className="items-center! rounded-none border-b border-line"
          actions={<Button onClick={link.retry}>{messages.status.retryNow}</Button>}
        >
          {messages.status.stale}
        </Notice>
      )}
      {status?.trafficStore && (
        <Notice tone="warn" className="rounded-none border-b border-line">
          <p className="font-medium">{messages.status.trafficStore}</p>
          <p className="font-mono text-xs text-muted">
            <SafeText text={status.trafficStore} />
          </p>
        </Notice>
      )}
      {status?.catalogError && (
        <Notice tone="danger" className="rounded-none border-b border-line">
          <p className="font-medium">{messages.status.catalogError}</p>
          <p className="font-mono text-xs text-muted">
            <SafeText text={status.catalogError} />
          </p>
        </Notice>
      )}
    </>
  );
}
