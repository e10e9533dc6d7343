import type { HubStatus } from '../../shared/model/hub.ts';
import { formatDateTime } from '../lib/format.ts';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SafeText } from '../ui/safe-text.tsx';

interface BypassDialogProps {
  bypasses: HubStatus['bypasses'];
  isOpen: boolean;
  onClose(): void;
}

/** The sessions that ran without the hub, newest first, and why. */
export function BypassDialog({ bypasses, isOpen, onClose }: BypassDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={messages.status.bypassTitle}
      description={messages.status.bypassExplain}
      footer={<Button onClick={onClose}>{messages.common.close}</Button>}
    >
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
        {bypasses.toReversed().map((bypass, index) => (
          <li key={index} className="flex flex-col px-2.5 py-1.5">
            <span className="flex items-baseline gap-2">
              <span className="font-medium text-hostile">
                <SafeText text={bypass.server} />
              </span>
              <span className="text-muted">{messages.client[bypass.client] ?? bypass.client}</span>
              <time className="ml-auto shrink-0 text-xs text-muted">{formatDateTime(bypass.at)}</time>
            </span>
            <span className="text-xs text-muted text-hostile">
              <SafeText text={bypass.reason} />
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
