import { CircleAlert, CircleCheck, CircleMinus, GitMerge } from 'lucide-react';
import type { RollbackFile } from '../../../shared/model/migration.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { DiffView } from '../../ui/diff-view.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const LOOKS = {
  exact: { Icon: CircleCheck, ink: 'text-good' },
  merged: { Icon: GitMerge, ink: 'text-info' },
  unchanged: { Icon: CircleMinus, ink: 'text-muted' },
  conflict: { Icon: CircleAlert, ink: 'text-danger' },
} as const;

interface RollbackFilesProps {
  files: readonly RollbackFile[];
  /** What each result means, before or after the fact. */
  words: Record<RollbackFile['result'], string>;
}

/** Each file of a rollback: what happens to it in words, and the lines that change. */
export function RollbackFiles({ files, words }: RollbackFilesProps) {
  return (
    <ul className="flex flex-col gap-3">
      {files.map((file) => {
        const { Icon, ink } = LOOKS[file.result];
        return (
          <li key={`${file.path}\n${file.migration}`} className="flex flex-col gap-1.5">
            <p className="font-mono text-xs text-hostile">
              <SafeText text={file.path} />
            </p>
            <p className="flex items-center gap-1.5">
              <Icon aria-hidden="true" className={classNames('size-4 shrink-0', ink)} />
              <span data-result={file.result}>{words[file.result]}</span>
            </p>
            {file.message !== undefined && (
              <p className="text-muted text-hostile">
                <SafeText text={file.message} />
              </p>
            )}
            {file.diff.trim() !== '' && (
              <DiffView diff={file.diff} label={messages.clients.diffOf(file.path)} />
            )}
            {file.sha256 !== null && (
              <p className="font-mono text-2xs text-faint text-hostile">
                {messages.common.sha256} {file.sha256}
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
