import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '../lib/clipboard.ts';
import { messages } from '../messages/messages.ts';
import { IconButton } from './button.tsx';

const SHOW_RESULT_MS = 1_500;

interface CopyButtonProps {
  label: string;
  /** A function where making the text takes a while. */
  text: string | (() => string);
}

/** Copies a text and says so. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOW_RESULT_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <IconButton
        label={label}
        icon={copied ? <Check className="size-3.5 text-accent" /> : <Copy className="size-3.5" />}
        onClick={() => void copyText(typeof text === 'string' ? text : text()).then(setCopied)}
      />
      <span role="status" className="sr-only">
        {copied && messages.common.copied}
      </span>
    </>
  );
}
