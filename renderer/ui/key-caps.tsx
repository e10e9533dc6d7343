import { isMacKeyboard, keySigns } from '../lib/key-sequences.ts';
import { messages } from '../messages/messages.ts';

/** The keys of a command, each as a key cap. */
export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className="inline-flex shrink-0 gap-0.5">
      {keySigns(keys, isMacKeyboard(), { space: messages.commands.space }).map((sign, index) => (
        <kbd
          // Two presses of the same key are two caps.
          key={`${index}-${sign}`}
          className="inline-flex h-[1.125rem] min-w-[1.125rem] items-center justify-center rounded border border-line bg-sunken px-1 font-mono text-2xs text-muted"
        >
          {sign}
        </kbd>
      ))}
    </span>
  );
}
