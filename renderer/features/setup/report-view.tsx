import { Download } from 'lucide-react';
import type { MigrationResult, SavedReport } from '../../../shared/model/migration.ts';
import { saveTextFile } from '../../lib/save-file.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { ParitySummary } from './parity-summary.tsx';
import { ParityTable } from './parity-table.tsx';

const text = messages.setup.report;

/** A migration's report: what became of it, the comparison, what to do now, and where it is kept. */
export function ReportView({ report: { result, html } }: { report: SavedReport }) {
  const { notes, parity } = result;
  return (
    <>
      <Undone result={result} />
      <ParitySummary rows={parity} />
      <ParityTable rows={parity} />
      {notes.length > 0 && (
        <section
          aria-label={messages.setup.done.now}
          className="rounded-lg border border-line bg-surface px-3.5 py-3"
        >
          <h3 className="mb-1 font-semibold">{messages.setup.done.now}</h3>
          <Notes notes={notes} />
        </section>
      )}
      {result.report && <Saved result={result} html={html} />}
    </>
  );
}

/** What the hub has to say to the person, one line each. */
export function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <ul className="flex list-disc flex-col gap-1 pl-4 text-hostile">
      {notes.map((note, index) => (
        <li key={index}>
          <SafeText text={note} />
        </li>
      ))}
    </ul>
  );
}

function Undone({ result: { state, parity } }: { result: MigrationResult }) {
  if (state === 'failed') return <Notice tone="danger">{text.failed}</Notice>;
  const isUndone = state === 'rolled-back' || state === 'partly-rolled-back';
  if (!isUndone) return null;
  const isAll = state === 'rolled-back';
  // Taken back by a person later, nothing of it was lost.
  const wasLost = parity.some((row) => row.missing.length > 0 || row.toolsAfter === null);
  if (!wasLost) return <Notice tone="info">{text.outcome(messages.clients.state[state])}</Notice>;
  return <Notice tone="danger">{isAll ? text.rolledBack : text.partlyRolledBack}</Notice>;
}

function Saved({ result, html }: { result: MigrationResult; html: string }) {
  const path = result.report?.html ?? '';
  const name = `patchbay-${result.id}`;
  return (
    <section
      aria-label={text.saved}
      className="mb-6 rounded-lg border border-line bg-surface px-3.5 py-3 text-xs"
    >
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-1 basis-72">
          <h3 className="text-sm font-semibold">{text.saved}</h3>
          <p className="text-muted">{text.savedHint}</p>
        </div>
        <Button
          icon={<Download aria-hidden="true" className="size-3.5" />}
          onClick={() => saveTextFile(`${name}.html`, html, 'text/html')}
        >
          {text.saveHtml}
        </Button>
        <Button
          onClick={() =>
            saveTextFile(`${name}.json`, `${JSON.stringify(result, null, 2)}\n`, 'application/json')
          }
        >
          {text.saveJson}
        </Button>
      </div>
      <p className="mt-1 flex items-center gap-1 font-mono text-2xs text-hostile">
        <SafeText text={path} />
        <CopyButton label={text.copyPath} text={path} />
      </p>
    </section>
  );
}
