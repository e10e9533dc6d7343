import type { ReactNode } from 'react';
import { formatDateTime } from '../../lib/format.ts';
import { useResource } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';

const text = messages.settings;

/** Versions, addresses and folders: what a bug report needs. */
export function AboutHub() {
  const { data: status } = useResource('status');
  if (!status) return <Spinner label={messages.common.loading} />;
  return (
    <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1 text-xs">
      <Fact name={text.version}>{messages.status.version(status.version)}</Fact>
      <Fact name={text.host}>{text.hosts[status.host]}</Fact>
      <Fact name={text.pid}>{status.pid}</Fact>
      <Fact name={text.started}>{formatDateTime(status.startedAt)}</Fact>
      <Fact name={text.address}>
        <code className="font-mono">{`127.0.0.1:${status.port}`}</code>
      </Fact>
      <Fact name={text.dataFolder}>
        <span className="flex items-center gap-1">
          <code className="font-mono text-hostile">
            <SafeText text={status.dataDir} />
          </code>
          <CopyButton label={text.copy(text.dataFolder)} text={status.dataDir} />
        </span>
      </Fact>
      <dd className="col-start-2 text-muted">{text.dataFolderHint}</dd>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
