import { useState } from 'react';
import type { ConfigVersion } from '../../../shared/model/config-version.ts';
import { formatBytes, formatDateTime } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { authorInWords, changeInWords, evidenceInWords } from './version-words.ts';

const text = messages.clients.timeMachine;
/** A client that saves at every click makes hundreds a day. */
const PAGE = 100;

interface VersionListProps {
  /** Newest first. */
  versions: readonly ConfigVersion[];
  shown: string;
  onShow(id: string): void;
}

/** The timeline: native radio buttons, so that one Tab reaches it and the arrow keys walk along it. */
export function VersionList({ versions, shown, onShow }: VersionListProps) {
  const [count, setCount] = useState(PAGE);
  const atLeast = versions.findIndex(({ id }) => id === shown) + 1;
  const visible = versions.slice(0, Math.max(count, atLeast));
  const left = versions.length - visible.length;
  return (
    <fieldset className="min-h-0 overflow-y-auto bg-surface py-1.5">
      <legend className="sr-only">{text.list}</legend>
      {visible.map((version) => (
        <VersionRow
          key={version.id}
          version={version}
          isShown={version.id === shown}
          onShow={() => onShow(version.id)}
        />
      ))}
      {left > 0 && (
        <Button variant="quiet" className="m-2" onClick={() => setCount(count + PAGE)}>
          {text.more(left)}
        </Button>
      )}
    </fieldset>
  );
}

interface VersionRowProps {
  version: ConfigVersion;
  isShown: boolean;
  onShow(): void;
}

function VersionRow({ version, isShown, onShow }: VersionRowProps) {
  const { at, author, state, size, change, error } = version;
  const words = changeInWords(change);
  const evidence = evidenceInWords(author);
  return (
    <label
      className={classNames(
        'relative flex cursor-pointer gap-2.5 px-3 py-1.5 -outline-offset-2 has-focus-visible:outline-2 has-focus-visible:outline-accent',
        isShown ? 'bg-active' : 'hover:bg-hover',
      )}
    >
      <input
        type="radio"
        name="version"
        checked={isShown}
        onChange={onShow}
        className="mt-1 size-3 shrink-0 accent-accent"
      />
      <span className="min-w-0 flex-1 text-xs text-hostile">
        <span className="flex items-baseline gap-2">
          <time dateTime={at} className="text-sm font-medium">
            {formatDateTime(Date.parse(at))}
          </time>
          <span className="ml-auto shrink-0 text-2xs text-muted">
            {state === 'readable' ? (
              formatBytes(size)
            ) : (
              <Badge tone={state === 'broken' ? 'danger' : 'neutral'}>{text.state[state]}</Badge>
            )}
          </span>
        </span>
        <span className="block text-muted" title={evidence ?? undefined}>
          {authorInWords(author)}
        </span>
        {words !== null && (
          <span className="block">
            <SafeText text={words} />
          </span>
        )}
        {error !== undefined && (
          <span className="block text-danger">
            <SafeText text={error} />
          </span>
        )}
      </span>
    </label>
  );
}
