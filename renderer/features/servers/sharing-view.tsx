import { useResource } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { ScrollingBody } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { SharingCard } from './sharing-card.tsx';
import { byUse, totalsOf } from './sharing-totals.ts';

const text = messages.servers.sharing;

/** What sharing would save, over all servers. */
export function SharingView() {
  const { data: advice, error } = useResource('sharing');
  const totals = advice && totalsOf(advice);
  return (
    <ScrollingBody label={text.title}>
      <p className="max-w-prose text-muted">{text.lead}</p>
      {error && <ErrorNotice error={error} />}
      {!advice && !error && <Spinner label={messages.common.loading} />}
      {advice?.length === 0 && <p className="text-muted">{text.none}</p>}
      {totals && advice.length > 0 && (
        <div role="status">
          <p className="text-lg font-semibold">{text.headline(totals.processes, totals.bytes)}</p>
          {totals.processes > 0 && <p className="text-xs text-muted">{text.headlineHint}</p>}
        </div>
      )}
      {advice && byUse(advice).map((one) => <SharingCard key={one.server} advice={one} />)}
    </ScrollingBody>
  );
}

/** The same for one server, beside its other parts. */
export function ServerSharing({ name, isLocal }: { name: string; isLocal: boolean }) {
  const { data, error } = useResource('sharing');
  const advice = data?.find(({ server }) => server === name);
  return (
    <div
      role="region"
      aria-label={text.title}
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4 -outline-offset-2"
    >
      <p className="max-w-prose text-muted">{text.lead}</p>
      {error && <ErrorNotice error={error} />}
      {!data && !error && <Spinner label={messages.common.loading} />}
      {advice && <SharingCard advice={advice} withName={false} />}
      {data && !advice && <p className="text-muted">{isLocal ? text.none : text.remote}</p>}
    </div>
  );
}
