import { Fragment, memo } from 'react';
import { segmentText } from '../lib/visible-text.ts';

/**
 * Text that came from a server, a client or a file: always a text node, with bidi controls, control characters and
 * invisible code points shown as what they are.
 */
export const SafeText = memo(function SafeText({ text }: { text: string }) {
  const segments = segmentText(text);
  if (segments.length === 1 && !segments[0]!.isEscape) return text;
  return segments.map((segment, index) =>
    segment.isEscape ? (
      <span
        key={index}
        className="mx-px rounded-sm bg-warn-soft whitespace-nowrap px-0.5 font-mono text-[0.85em] text-warn"
      >
        {segment.text}
      </span>
    ) : (
      <Fragment key={index}>{segment.text}</Fragment>
    ),
  );
});
