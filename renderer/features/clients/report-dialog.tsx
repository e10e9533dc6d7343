import type { HistoryItem } from '../../../shared/model/migration.ts';
import { formatDateTime } from '../../lib/format.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { useLastKnown } from '../../lib/use-last-known.ts';
import { messages } from '../../messages/messages.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { ReportView } from '../setup/report-view.tsx';

const text = messages.clients;

interface ReportDialogProps {
  item: HistoryItem | null;
  onClose(): void;
}

/** The saved report of an earlier migration. */
export function ReportDialog({ item, onClose }: ReportDialogProps) {
  // Kept while the dialog fades out.
  const last = useLastKnown(item);
  return (
    <Dialog
      isOpen={item !== null}
      onClose={onClose}
      title={text.reportTitle(last ? formatDateTime(Date.parse(last.at)) : '')}
      size="wide"
    >
      {last && <Report id={last.id} />}
    </Dialog>
  );
}

function Report({ id }: { id: string }) {
  const { data, error, isLoading } = useHubQuery(id, (hub, signal) =>
    hub.migration.report({ id }, { signal }),
  );
  return (
    <div className="flex flex-col gap-3">
      {isLoading && <Spinner label={messages.setup.report.loading} />}
      {error && <ErrorNotice error={error} />}
      {data && <ReportView report={data} />}
    </div>
  );
}
