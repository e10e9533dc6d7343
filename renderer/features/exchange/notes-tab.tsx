import { useEffect, useState } from 'react';
import { formatAgo } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import type { AnnotationControl } from './use-annotation.ts';

const text = messages.exchange.notes;
const MOST = 4_000;

/** Texts that were not saved when another exchange was looked at, by exchange; the oldest go. */
const drafts = new Map<number, string>();
const MOST_DRAFTS = 50;

function keepDraft(exchange: number, draft: string | null): void {
  drafts.delete(exchange);
  if (draft !== null) drafts.set(exchange, draft);
  if (drafts.size > MOST_DRAFTS) drafts.delete(drafts.keys().next().value!);
}

interface NotesTabProps {
  exchange: number;
  control: AnnotationControl;
}

/** What a person has to say about an exchange. Nothing is saved behind their back, nothing typed is lost. */
export function NotesTab({ exchange, control }: NotesTabProps) {
  const { annotation, action, toggleBookmark, saveNote } = control;
  const saved = annotation?.note ?? '';
  const [draft, setDraft] = useState(() => drafts.get(exchange) ?? null);
  const value = draft ?? saved;
  const isChanged = value !== saved;
  useEffect(() => keepDraft(exchange, isChanged ? value : null), [exchange, isChanged, value]);
  const isBookmarked = annotation?.bookmarked ?? false;
  const save = async (): Promise<void> => {
    if (await saveNote(value)) setDraft(null);
  };
  return (
    <div className="flex flex-col gap-3 p-3">
      <div className="flex items-center gap-3">
        <Button onClick={toggleBookmark} aria-pressed={isBookmarked}>
          {isBookmarked ? messages.exchange.actions.removeBookmark : messages.exchange.actions.bookmark}
        </Button>
        <span className="text-xs text-muted">{isBookmarked ? text.bookmarked : text.notBookmarked}</span>
      </div>
      <Field label={text.label} hint={text.hint}>
        {(ids) => (
          <textarea
            {...ids}
            value={value}
            maxLength={MOST}
            rows={8}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
            }}
            className="w-full resize-y rounded-md border border-line-strong bg-surface px-2 py-1.5"
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="primary" disabled={!isChanged || action.isBusy} onClick={() => void save()}>
          {text.save}
        </Button>
        {isChanged && <Button onClick={() => setDraft(null)}>{text.revert}</Button>}
        <span role="status" className="text-xs text-muted">
          {isChanged
            ? text.unsaved
            : annotation?.note
              ? text.saved(formatAgo(annotation.at, Date.now()))
              : null}
        </span>
        <span className="flex-1" />
        <span className="text-xs text-muted">{text.length(value.length, MOST)}</span>
      </div>
      {action.error && <ErrorNotice error={action.error} />}
    </div>
  );
}
