import { useEffect, useMemo, useRef, useState } from 'react';
import type { ExchangeDetail, ReplayResult } from '../../../shared/model/exchange.ts';
import { formatBytes, formatDuration } from '../../lib/format.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { formatJson } from '../../lib/json/format-json.ts';
import { indexJson } from '../../lib/json/json-index.ts';
import { memberAt } from '../../lib/json/json-path.ts';
import { USUAL_OPENNESS } from '../../lib/json/json-rows.ts';
import { useAction } from '../../lib/use-action.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { RawTextView } from '../../ui/raw-text-view.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { subjectOf } from '../traffic/exchange-words.ts';
import { ParamsEditor, paramsProblem } from './params-editor.tsx';
import { findToolHints, type ToolHints } from './tool-hints.ts';
import { useJsonIndex } from './use-body.ts';

const text = messages.exchange.replay;

interface ReplayDialogProps {
  detail: ExchangeDetail;
  onClose(): void;
  onGo(exchange: number, compare?: number): void;
}

/** Sends a recorded call again, as it was or edited, once a person has read what that means. */
export function ReplayDialog({ detail, onClose, onGo }: ReplayDialogProps) {
  const { exchange, request } = detail;
  const recorded = useMemo(() => recordedParams(detail), [detail]);
  const [typed, setTyped] = useState(recorded ?? emptyParams(detail));
  const [result, setResult] = useState<ReplayResult | null>(null);
  const action = useAction();
  const hints = useHubQuery(`hints ${exchange.id}`, (client, signal) =>
    findToolHints(client, exchange, signal),
  );
  const redactions = request?.redactions ?? 0;
  const isLarge = isTooLarge(detail);

  const send = async (): Promise<void> => {
    setResult(null);
    // As it was recorded it goes byte for byte; a placeholder is sent only because a person left it there.
    const isAsRecorded = isLarge || (typed === recorded && redactions === 0);
    const params = isAsRecorded || typed.trim() === '' ? {} : { params: typed };
    await action.run(async (client) =>
      setResult(await client.traffic.replay({ id: exchange.id, ...params })),
    );
  };
  const leave = (...to: [exchange: number, compare?: number]): void => {
    onClose();
    onGo(...to);
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="wide"
      title={text.title}
      description={visibleText(
        text.explain(oneLine(exchange.server, 80), oneLine(subjectOf(exchange).main, 80)),
      )}
    >
      <div className="flex flex-col gap-3">
        {exchange.method === 'tools/call' && !hints.isLoading && <Hints hints={hints.data} />}
        {recorded === null && !isLarge && <Notice tone="warn">{text.paramsMissing}</Notice>}
        {redactions > 0 && <Notice tone="warn">{text.paramsRedacted(redactions)}</Notice>}
        {isLarge ? (
          <Notice tone="info">{text.paramsLarge(formatBytes(request?.bytes ?? 0))}</Notice>
        ) : (
          <ParamsEditor value={typed} recorded={recorded} onChange={setTyped} isDisabled={action.isBusy} />
        )}
        {action.error && <ErrorNotice error={action.error} />}
        {action.isBusy && <Spinner label={text.sending} />}
        {result && <Result result={result} recordedMs={exchange.durationMs} />}
        <DialogActions>
          {result && result.exchange === null && (
            <span className="mr-auto text-xs text-muted">{text.notKept}</span>
          )}
          {result && result.exchange !== null && (
            <>
              <Button className="mr-auto" onClick={() => leave(result.exchange!)}>
                {text.openNew}
              </Button>
              <Button onClick={() => leave(exchange.id, result.exchange!)}>{text.compare}</Button>
            </>
          )}
          <Button onClick={onClose}>{result ? messages.common.close : messages.common.cancel}</Button>
          <Button
            variant="primary"
            disabled={action.isBusy || paramsProblem(typed) !== null}
            onClick={() => void send()}
          >
            {result ? text.sendAgain : text.send}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}

/** More than an editor made of one text field takes without a pause. */
const MAX_EDITED = 500_000;

const isTooLarge = ({ request }: ExchangeDetail): boolean =>
  request !== null && !request.truncated && request.text.length > MAX_EDITED;

/** The parameters of the recorded request, one line each; null when they are not all there. Empty: there are none. */
function recordedParams(detail: ExchangeDetail): string | null {
  const { request } = detail;
  const index = request && !request.truncated && !isTooLarge(detail) ? indexJson(request.text) : null;
  if (!index) return null;
  const node = memberAt(index, ['params']);
  return node === -1 ? '' : formatJson(index.raw(node));
}

const emptyParams = ({ exchange: { method, tool } }: ExchangeDetail): string =>
  formatJson(JSON.stringify(method === 'tools/call' ? { name: tool, arguments: {} } : {}));

function Hints({ hints }: { hints: ToolHints | null }) {
  if (hints === null) return <Notice tone="warn">{text.hints.unknown}</Notice>;
  if (hints.readOnly) return <Notice tone="info">{text.hints['read-only']}</Notice>;
  const isDestructive = hints.destructive === true;
  return (
    <Notice tone={isDestructive ? 'danger' : 'warn'}>
      {isDestructive ? text.hints.destructive : text.hints['not-read-only']}
      {hints.idempotent && ` ${text.hints.idempotent}`}
    </Notice>
  );
}

function Result({ result, recordedMs }: { result: ReplayResult; recordedMs: number | null }) {
  const { index, isReading } = useJsonIndex(result.response);
  const [openness, setOpenness] = useState(USUAL_OPENNESS);
  const took = formatDuration(result.durationMs);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // No value comes back from here: Chromium returns a promise, which React would call at the end.
    void section.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section ref={section} aria-label={text.result} className="flex flex-col rounded-md border border-line">
      <header className="flex items-center gap-2 border-b border-line px-3 py-1.5" role="status">
        <h3 className="font-semibold">{text.result}</h3>
        <Badge tone={result.outcome === 'ok' ? 'good' : 'danger'}>
          {messages.traffic.outcome[result.outcome]}
        </Badge>
        <span className="text-xs text-muted">
          {recordedMs === null ? text.tookOnly(took) : text.took(took, formatDuration(recordedMs))}
        </span>
      </header>
      <div className="flex h-56 min-h-0 flex-col">
        {result.response === null && <p className="p-3 text-muted">{text.noAnswer}</p>}
        {index && <JsonView index={index} label={text.result} openness={openness} onOpenness={setOpenness} />}
        {result.response !== null && !index && !isReading && (
          <RawTextView label={text.result} text={result.response} />
        )}
      </div>
    </section>
  );
}
