import { ChevronsDownUp, ChevronsUpDown, Route } from 'lucide-react';
import { useState } from 'react';
import { formatBytes } from '../../lib/format.ts';
import { type BodyMatch, positionInString } from '../../lib/json/body-search.ts';
import type { JsonIndex } from '../../lib/json/json-index.ts';
import { copiedValue, jsonPath } from '../../lib/json/json-path.ts';
import { USUAL_OPENNESS } from '../../lib/json/json-rows.ts';
import { withVisible } from '../../lib/json/open-json.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { RawTextView } from '../../ui/raw-text-view.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import type { ReadBody } from './use-body.ts';

const text = messages.exchange;

interface BodySectionProps {
  title: string;
  copyLabel: string;
  read: ReadBody;
  isRaw: boolean;
  /** Why there is no body. */
  missing: string;
  query?: string;
  /** The match to show; null when it is elsewhere. */
  match?: BodyMatch | null;
  className?: string;
}

interface ShownMatch {
  match: BodyMatch;
  place: { node: number; position: number | null };
}

/** A captured frame: as a tree, or byte for byte as it was stored. */
export function BodySection(props: BodySectionProps) {
  const { title, copyLabel, read, isRaw, missing, query = '', match = null, className } = props;
  const { body, index, isReading } = read;
  const [openness, setOpenness] = useState(USUAL_OPENNESS);
  const [activeNode, setActiveNode] = useState(-1);
  const [shown, setShown] = useState<ShownMatch | null>(null);
  const isTree = !isRaw && index !== null;
  if (isTree && match !== null && shown?.match !== match) {
    const place = { node: match.node, position: positionInString(index, match) };
    setShown({ match, place });
    setOpenness(withVisible(openness, index, place));
  }
  return (
    <section aria-label={title} className={classNames('flex min-h-0 min-w-0 flex-col', className)}>
      <header className="flex min-h-8 items-center gap-1.5 border-b border-line/60 pr-1 pl-3">
        <h3 className="font-semibold">{title}</h3>
        {body && <span className="text-xs whitespace-nowrap text-muted">{formatBytes(body.bytes)}</span>}
        {body && body.redactions > 0 && <Badge tone="info">{text.redactions(body.redactions)}</Badge>}
        <span className="flex-1" />
        {isTree && (
          <>
            <IconButton
              label={text.expandAll}
              icon={<ChevronsUpDown className="size-3.5" />}
              onClick={() => setOpenness({ ...openness, base: 'all', touched: new Map() })}
            />
            <IconButton
              label={text.collapseAll}
              icon={<ChevronsDownUp className="size-3.5" />}
              onClick={() => setOpenness({ ...openness, base: 'none', touched: new Map() })}
            />
          </>
        )}
        {body && <CopyButton label={copyLabel} text={body.text} />}
      </header>
      {body?.truncated && (
        <p className="px-3 py-1 text-xs text-warn">
          {text.truncated(formatBytes(new Blob([body.text]).size), formatBytes(body.bytes))}
        </p>
      )}
      {body === null && <p className="px-3 py-2 text-xs text-muted">{missing}</p>}
      {body && isReading && (
        <p className="px-3 py-2">
          <Spinner label={text.reading} />
        </p>
      )}
      {body && body.text !== '' && !isReading && !isRaw && index === null && (
        <p className="px-3 py-1 text-xs text-muted">{text.notJson}</p>
      )}
      {isTree && (
        <JsonView
          label={title}
          index={index}
          openness={openness}
          onOpenness={setOpenness}
          onActiveNode={setActiveNode}
          query={query}
          wanted={match && (shown?.place ?? null)}
        />
      )}
      {body && !isReading && !isTree && (
        <RawTextView label={title} text={body.text} query={query} wanted={match} />
      )}
      {isTree && activeNode !== -1 && <PlaceBar index={index} node={activeNode} />}
    </section>
  );
}

/** Where the chosen value stands, and both as a copy. */
function PlaceBar({ index, node }: { index: JsonIndex; node: number }) {
  const path = jsonPath(index, node);
  return (
    <div className="flex min-h-7 items-center gap-0.5 border-t border-line pr-1 pl-3">
      <Route aria-hidden="true" className="size-3 shrink-0 text-faint" />
      <code
        className="min-w-0 flex-1 truncate pl-1 font-mono text-2xs text-muted"
        title={path.slice(0, 1_000)}
      >
        <SafeText text={path.slice(-300)} />
      </code>
      <CopyButton label={text.copyPath} text={path} />
      <CopyButton label={text.copyValue} text={() => copiedValue(index, node)} />
    </div>
  );
}
