import { ShieldAlert } from 'lucide-react';
import type { Finding } from '../../../shared/model/guardian.ts';
import { messages } from '../../messages/messages.ts';
import type { WriteTarget } from './config-write-dialog.tsx';
import { FindingCard } from './finding-card.tsx';

const text = messages.clients.guardian;

/** Where the screen is told to show the findings. */
export const FINDINGS_ID = 'guardian-findings';

interface FindingsProps {
  findings: readonly Finding[];
  onWrite(target: WriteTarget): void;
}

/** What happened to routed entries since: the open ones in full, the settled ones folded away. */
export function Findings({ findings, onWrite }: FindingsProps) {
  const open = findings.filter(({ state }) => state === 'open');
  const settled = findings.filter(({ state }) => state !== 'open');
  if (findings.length === 0) return null;
  return (
    <section id={FINDINGS_ID} tabIndex={-1} aria-label={text.title} className="outline-none">
      {open.length > 0 && (
        <>
          <h2 className="flex items-center gap-1.5 text-base font-semibold">
            <ShieldAlert aria-hidden="true" className="size-4 text-warn" />
            {text.title}
          </h2>
          <p className="mb-2 text-xs text-muted">{text.intro}</p>
          <ul className="flex flex-col gap-2">
            {open.map((finding) => (
              <FindingCard key={finding.id} finding={finding} onWrite={onWrite} />
            ))}
          </ul>
        </>
      )}
      {settled.length > 0 && (
        <details className="mt-2 text-xs">
          <summary className="w-fit rounded-sm text-muted">
            {`${text.history}: ${text.settled(settled.length)}`}
          </summary>
          <ul className="mt-2 flex flex-col gap-2">
            {settled.map((finding) => (
              <FindingCard key={finding.id} finding={finding} onWrite={onWrite} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
