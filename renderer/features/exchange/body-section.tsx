import { useMemo } from 'react';
import type { CapturedBody } from '../../../shared/model/exchange.ts';
import { formatBytes } from '../../lib/format.ts';
import { parseJsonTree } from '../../lib/json-tree.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { LongText } from '../../ui/long-text.tsx';

const text = messages.exchange;

interface BodySectionProps {
  title: string;
  copyLabel: string;
  body: CapturedBody | null;
  isRaw: boolean;
  /** Why there is no body. */
  missing: string;
}

/** A captured frame: as a tree, or byte for byte as it was stored. */
export function BodySection({ title, copyLabel, body, isRaw, missing }: BodySectionProps) {
  return (
    <section aria-label={title} className="px-3 py-2">
      <header className="flex min-h-7 items-center gap-2">
        <h3 className="font-semibold">{title}</h3>
        {body && <span className="text-xs text-muted">{formatBytes(body.bytes)}</span>}
        {body && body.redactions > 0 && <Badge tone="info">{text.redactions(body.redactions)}</Badge>}
        <span className="flex-1" />
        {body && <CopyButton label={copyLabel} text={body.text} />}
      </header>
      {body ? <Body body={body} isRaw={isRaw} /> : <p className="pb-1 text-xs text-muted">{missing}</p>}
    </section>
  );
}

function Body({ body, isRaw }: { body: CapturedBody; isRaw: boolean }) {
  const tree = useMemo(() => (isRaw ? null : parseJsonTree(body.text)), [body.text, isRaw]);
  return (
    <>
      {body.truncated && (
        <p className="mb-1 text-xs text-warn">
          {text.truncated(formatBytes(new Blob([body.text]).size), formatBytes(body.bytes))}
        </p>
      )}
      {!isRaw && tree === null && <p className="mb-1 text-xs text-muted">{text.notJson}</p>}
      {tree ? (
        <JsonView node={tree} />
      ) : (
        <pre className="font-mono text-xs leading-5 text-hostile whitespace-pre-wrap">
          <LongText text={body.text} />
        </pre>
      )}
    </>
  );
}
