import { Download, RefreshCw, RotateCw } from 'lucide-react';
import type { UpdateState } from '../../../shared/model/desktop.ts';
import { formatDateTime, formatShare } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import type { Desktop } from './use-desktop.ts';

const text = messages.desktopSettings.update;
const icon = 'size-3.5';

interface UpdateStatusProps {
  update: UpdateState;
  ask: Desktop['ask'];
}

/** How far an update is, and the one thing that can be done about it now. */
export function UpdateStatus({ update, ask }: UpdateStatusProps) {
  return (
    <div className="flex flex-wrap items-center gap-3 text-xs">
      <div role="status" className="min-w-0 text-hostile">
        {update.phase === 'checking' ? (
          <Spinner label={text.checking} />
        ) : (
          <SafeText text={sentenceOf(update)} />
        )}
      </div>
      {update.phase === 'downloading' && (
        <progress
          aria-label={text.downloading(update.version, formatShare(update.percent / 100))}
          value={update.percent}
          max={100}
          className="h-1.5 w-40 accent-accent"
        />
      )}
      {(update.phase === 'idle' || update.phase === 'failed') && (
        <Button
          icon={<RefreshCw aria-hidden="true" className={icon} />}
          onClick={() => void ask((app) => app.checkForUpdate())}
        >
          {update.phase === 'failed' ? messages.common.retry : text.check}
        </Button>
      )}
      {update.phase === 'available' && (
        <Button
          variant="primary"
          icon={<Download aria-hidden="true" className={icon} />}
          onClick={() => void ask((app) => app.downloadUpdate())}
        >
          {text.download}
        </Button>
      )}
      {update.phase === 'ready' && (
        <Button
          variant="primary"
          icon={<RotateCw aria-hidden="true" className={icon} />}
          onClick={() => void ask((app) => app.installUpdate())}
        >
          {text.install}
        </Button>
      )}
    </div>
  );
}

function sentenceOf(update: UpdateState): string {
  switch (update.phase) {
    case 'unsupported':
      return update.reason;
    case 'idle':
      return update.checkedAt === null ? text.never : text.upToDate(formatDateTime(update.checkedAt));
    case 'checking':
      return text.checking;
    case 'available':
      return text.available(update.version);
    case 'downloading':
      return text.downloading(update.version, formatShare(update.percent / 100));
    case 'ready':
      return text.ready(update.version);
    case 'failed':
      return text.failed(update.message);
  }
}
