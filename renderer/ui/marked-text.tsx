import { memo } from 'react';
import { SafeText } from './safe-text.tsx';

/** Marks in one line; more would be no help and each costs an element. */
const MAX_MARKS = 100;

/** Text from outside in which what was looked for is marked. */
export const MarkedText = memo(function MarkedText({ text, query }: { text: string; query: string }) {
  if (query === '') return <SafeText text={text} />;
  const pieces = splitAt(text, query);
  return pieces.map((piece, at) =>
    at % 2 === 0 ? (
      <SafeText key={at} text={piece} />
    ) : (
      <mark key={at} className="rounded-xs bg-accent-soft text-ink outline-1 outline-accent">
        <SafeText text={piece} />
      </mark>
    ),
  );
});

/** Text before, match, text between, match, …, text after. */
function splitAt(text: string, query: string): string[] {
  const lower = text.toLowerCase();
  const wanted = query.toLowerCase();
  const pieces: string[] = [];
  let from = 0;
  // Lower case may be longer, such as of İ: positions would not fit then.
  if (lower.length !== text.length) return [text];
  for (let marks = 0; marks < MAX_MARKS; marks += 1) {
    const at = lower.indexOf(wanted, from);
    if (at === -1) break;
    pieces.push(text.slice(from, at), text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  return [...pieces, text.slice(from)];
}
