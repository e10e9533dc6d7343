import type { ClientView } from '../../../shared/model/client.ts';
import { useLastKnown } from '../../lib/use-last-known.ts';
import { messages } from '../../messages/messages.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ParityCheck } from '../setup/parity-check.tsx';

const text = messages.clients;

interface CheckDialogProps {
  client: ClientView | null;
  onClose(): void;
}

/** Compares a client's routed servers with their originals once more; changes nothing. */
export function CheckDialog({ client, onClose }: CheckDialogProps) {
  // Kept while the dialog fades out.
  const last = useLastKnown(client);
  return (
    <Dialog
      isOpen={client !== null}
      onClose={onClose}
      title={text.checkTitle(last?.name ?? '')}
      description={text.checkDescription}
      size="wide"
    >
      {last && <ParityCheck clients={[last.id]} />}
    </Dialog>
  );
}
