import { useAllCommands } from '../lib/commands.ts';
import { messages } from '../messages/messages.ts';
import { Dialog } from '../ui/dialog.tsx';
import { KeyCaps } from '../ui/key-caps.tsx';

const text = messages.commands;

/** The keys that do something here and now, by group. */
export function ShortcutSheet({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const withKeys = useAllCommands().filter(({ keys }) => keys !== undefined);
  const groups = Map.groupBy(withKeys, ({ group }) => group);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.sheet} description={text.sheetHint} size="wide">
      <div className="gap-x-8 min-[720px]:columns-2">
        {[...groups].map(([group, commands]) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-muted">{group}</h3>
            <ul>
              {commands.map(({ id, label, keys }) => (
                <li key={id} className="flex min-h-7 items-center gap-3 border-b border-line py-0.5">
                  <span className="min-w-0 flex-1">{label}</span>
                  <KeyCaps keys={keys!} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
