import { joinCommandLine } from '../../lib/command-line.ts';
import { messages } from '../../messages/messages.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.serverLogin;

/** How to log in and out on the hub's own computer, for a page that is open on another one. */
export function LoginCommands({ name }: { name: string }) {
  return (
    <>
      <p className="mb-1 text-xs text-muted">{text.elsewhere}</p>
      <dl className="flex flex-col gap-1 text-xs">
        <Command name={name} verb="login" what={text.loginCommand} copy={text.copyLogin} />
        <Command name={name} verb="logout" what={text.logoutCommand} copy={text.copyLogout} />
      </dl>
    </>
  );
}

interface CommandProps {
  name: string;
  verb: 'login' | 'logout';
  what: string;
  copy: string;
}

function Command({ name, verb, what, copy }: CommandProps) {
  const command = joinCommandLine(['patchbay', 'servers', verb, name]);
  return (
    <div className="flex items-center gap-2">
      <dt className="rounded-md border border-line bg-sunken px-2 py-0.5 font-mono text-hostile">
        <SafeText text={command} />
      </dt>
      <dd className="flex items-center gap-1 text-muted">
        <CopyButton label={copy} text={command} />
        {what}
      </dd>
    </div>
  );
}
