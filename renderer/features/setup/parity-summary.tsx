import { CircleCheck } from 'lucide-react';
import { isParityKept, type ParityRow } from '../../../shared/model/migration.ts';
import { messages } from '../../messages/messages.ts';
import { Notice } from '../../ui/notice.tsx';

const text = messages.setup.report;

/** The one sentence a person wants to read first: is anything worse than before? */
export function ParitySummary({ rows }: { rows: readonly ParityRow[] }) {
  const lost = rows.filter((row) => !isParityKept(row)).length;
  if (rows.length === 0) return <Notice tone="info">{text.empty}</Notice>;
  if (lost > 0) return <Notice tone="danger">{text.lost(lost)}</Notice>;
  return (
    <p role="status" className="flex items-center gap-2 rounded-md bg-good-soft px-2.5 py-2">
      <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-good" />
      {text.kept(rows.length)}
    </p>
  );
}
