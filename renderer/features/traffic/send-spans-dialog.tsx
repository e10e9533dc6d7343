import { useState } from 'react';
import { messages } from '../../messages/messages.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, inputClass } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { headersOf } from './read-headers.ts';

const text = messages.traffic.spans;
const URL_KEY = 'patchbay.spans-url';
const DEFAULT_URL = 'http://127.0.0.1:4318/v1/traces';
const MAX_SPANS = 100_000;

interface SendSpansDialogProps {
  isOpen: boolean;
  onClose(): void;
  filter: string;
}

/** Sends what the filter finds to an OpenTelemetry collector. */
export function SendSpansDialog({ isOpen, onClose, filter }: SendSpansDialogProps) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.title} description={text.explain(filter)}>
      <SendSpansForm filter={filter} onClose={onClose} />
    </Dialog>
  );
}

function SendSpansForm({ filter, onClose }: Omit<SendSpansDialogProps, 'isOpen'>) {
  const { isBusy, error, run } = useAction();
  // Headers hold secrets: they are typed each time, only the address is kept.
  const [url, setUrl] = useState(() => localStorage.getItem(URL_KEY) ?? DEFAULT_URL);
  const [headers, setHeaders] = useState('');
  const [sent, setSent] = useState<number | null>(null);
  const read = headersOf(headers);
  const isUrl = URL.canParse(url) && /^https?:/i.test(url);

  const send = (): void => {
    setSent(null);
    void run(async (client) => {
      const result = await client.traffic.sendSpans({ filter, url, headers: read.headers, limit: MAX_SPANS });
      localStorage.setItem(URL_KEY, url);
      setSent(result.spans);
    });
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Field label={text.url} error={isUrl ? null : text.notUrl}>
        {(ids) => (
          <input
            {...ids}
            type="text"
            inputMode="url"
            spellCheck={false}
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            className={`${inputClass} font-mono text-xs`}
          />
        )}
      </Field>
      <Field
        label={text.headers}
        hint={text.headersHint}
        error={read.wrongLine === null ? null : text.wrongHeader(read.wrongLine)}
      >
        {(ids) => (
          <textarea
            {...ids}
            rows={3}
            spellCheck={false}
            autoComplete="off"
            value={headers}
            onChange={(event) => setHeaders(event.target.value)}
            className={`${inputClass} h-auto! py-1 font-mono text-xs`}
          />
        )}
      </Field>
      {error && <ErrorNotice error={error} />}
      {sent !== null && <Notice tone="info">{text.sent(sent)}</Notice>}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{messages.common.close}</Button>
        <Button type="submit" variant="primary" disabled={isBusy || !isUrl || read.wrongLine !== null}>
          {isBusy ? text.sending : text.send}
        </Button>
      </div>
    </form>
  );
}
