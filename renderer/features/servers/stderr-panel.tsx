import { Pause, Play } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import type { StderrLine } from '../../../shared/model/server.ts';
import { formatTime } from '../../lib/format.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { stripAnsi } from '../../lib/strip-ansi.ts';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { linesSince } from './stderr-tail.ts';

const text = messages.servers;
const REFRESH_MS = 1_000;
/** The newest lines are drawn; copying takes all of them. */
const SHOWN_LINES = 500;
const AT_END_PX = 5;

/** What the server wrote to stderr, as plain text, following its end until someone scrolls up or pauses it. */
export function StderrPanel({ name }: { name: string }) {
  const { data: lines, error } = useHubQuery(
    name,
    (client, signal) => client.servers.stderr({ name }, { signal }),
    { everyMs: REFRESH_MS },
  );
  const [frozen, setFrozen] = useState<readonly StderrLine[] | null>(null);
  const [isFollowing, setFollowing] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const shown = frozen ?? lines;
  const waiting = frozen && lines ? linesSince(frozen, lines) : 0;
  useLayoutEffect(() => {
    if (isFollowing && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [shown, isFollowing]);

  return (
    <section aria-label={text.stderr} className="flex min-h-36 flex-[2] flex-col border-t border-line">
      <header className="flex h-9 shrink-0 items-center gap-2 pr-2 pl-4">
        <h3 className="flex-1 font-semibold">{text.stderr}</h3>
        <span role="status" className="text-xs text-muted">
          {waiting > 0 && text.waiting(waiting)}
        </span>
        <Checkbox checked={isFollowing} onChange={(event) => setFollowing(event.target.checked)}>
          {text.follow}
        </Checkbox>
        <IconButton
          label={frozen ? text.resume : text.pause}
          isPressed={frozen !== null}
          icon={frozen ? <Play className="size-3.5" /> : <Pause className="size-3.5" />}
          disabled={lines === null}
          onClick={() => setFrozen(frozen ? null : lines)}
        />
        {shown && shown.length > 0 && (
          <CopyButton label={text.copyStderr} text={shown.map((line) => stripAnsi(line.text)).join('\n')} />
        )}
      </header>
      {error && <ErrorNotice error={error} className="mx-3 mb-2" />}
      <div
        ref={scroller}
        role="log"
        aria-label={text.stderrLog}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setFollowing(scrollHeight - scrollTop - clientHeight <= AT_END_PX)
        }
        className="min-h-0 flex-1 overflow-y-auto bg-sunken px-4 py-2 font-mono text-xs leading-5 -outline-offset-2"
      >
        {shown?.length === 0 && <p className="font-sans text-muted">{text.stderrEmpty}</p>}
        {shown?.slice(-SHOWN_LINES).map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </div>
    </section>
  );
}

function Line({ line }: { line: StderrLine }) {
  return (
    <div className="flex gap-3">
      <time className="shrink-0 text-faint select-none">{formatTime(line.at)}</time>
      <span className="min-w-0 flex-1 text-hostile whitespace-pre-wrap">
        <LongText text={stripAnsi(line.text)} />
      </span>
    </div>
  );
}
