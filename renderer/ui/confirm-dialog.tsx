import type { ReactNode } from 'react';
import { useLastKnown } from '../lib/use-last-known.ts';
import { messages } from '../messages/messages.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface Question {
  title: string;
  body: ReactNode;
  /** What the button does, as a verb. */
  confirm: string;
}

interface ConfirmDialogProps<T> {
  /** What is asked about; null while nothing is. */
  target: T | null;
  question(target: T): Question;
  /** Called after `onClose`. */
  onConfirm(target: T): void;
  onClose(): void;
}

/** Asks before something a running session would notice, or that cannot be taken back. */
export function ConfirmDialog<T>({ target, question, onConfirm, onClose }: ConfirmDialogProps<T>) {
  // Kept while the dialog fades out.
  const last = useLastKnown(target);
  const { title, body, confirm } = last === null ? { title: '', body: null, confirm: '' } : question(last);
  return (
    <Dialog
      isOpen={target !== null}
      onClose={onClose}
      title={title}
      description={body}
      footer={
        <>
          <Button onClick={onClose}>{messages.common.cancel}</Button>
          <Button
            variant="danger"
            onClick={() => {
              if (target === null) return;
              onClose();
              onConfirm(target);
            }}
          >
            {confirm}
          </Button>
        </>
      }
    />
  );
}
