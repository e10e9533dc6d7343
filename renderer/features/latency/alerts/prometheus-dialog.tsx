import { Download } from 'lucide-react';
import { useHubQuery } from '../../../lib/hub-context.tsx';
import { saveTextFile } from '../../../lib/save-file.ts';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { SafeText } from '../../../ui/safe-text.tsx';
import { Spinner } from '../../../ui/spinner.tsx';

const text = messages.alerts.prometheus;

interface PrometheusDialogProps {
  isOpen: boolean;
  onClose(): void;
}

/** The rules as a file for Prometheus, to look at, copy or save. */
export function PrometheusDialog({ isOpen, onClose }: PrometheusDialogProps) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.title} description={text.description} size="wide">
      <Rules />
    </Dialog>
  );
}

/** Asks when the dialog opens, so that it never shows the rules of before. */
function Rules() {
  const { data, error } = useHubQuery('prometheus', (client, signal) =>
    client.alerts.prometheus(undefined, { signal }),
  );
  if (error) return <ErrorNotice error={error} />;
  if (!data) return <Spinner label={messages.common.loading} />;
  return (
    <div className="flex flex-col gap-2 pt-1">
      <div className="flex items-center justify-end gap-2">
        <CopyButton label={text.copy} text={data.yaml} />
        <Button
          icon={<Download aria-hidden="true" className="size-3.5" />}
          onClick={() => saveTextFile(text.file, data.yaml, 'application/yaml')}
        >
          {text.download}
        </Button>
      </div>
      <pre
        tabIndex={0}
        aria-label={text.title}
        role="region"
        className="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs leading-5 -outline-offset-2"
      >
        <SafeText text={data.yaml} />
      </pre>
    </div>
  );
}
