import { useState } from 'react';
import { formatBytes } from '../lib/format.ts';
import { messages } from '../messages/messages.ts';
import { SafeText } from './safe-text.tsx';

const FIRST_PART = 5_000;
const NEXT_PART = 100_000;

/** Text of any length: a part at first, the rest piece by piece, because laying out megabytes stops the page. */
export function LongText({ text }: { text: string }) {
  const [shown, setShown] = useState(FIRST_PART);
  if (text.length <= shown) return <SafeText text={text} />;
  return (
    <>
      <SafeText text={text.slice(0, shown)} />
      <button
        type="button"
        className="mx-1 rounded-sm bg-sunken px-1 font-sans text-accent hover:underline"
        onClick={() => setShown(shown + NEXT_PART)}
      >
        {messages.common.showMoreText(formatBytes(text.length - shown))}
      </button>
    </>
  );
}
