import type { LoginState } from '../../../shared/model/server.ts';
import { joinCommandLine } from '../../lib/command-line.ts';
import { messages } from '../../messages/messages.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { StatusDot } from '../../ui/status-dot.tsx';

const text = messages.servers;

const TONES = { 'not-asked': 'idle', needed: 'danger', 'logged-in': 'good', 'own-header': 'idle' } as const;

/**
 * Whether a remote server has a login, and how to log in there. By the command line, because a login ends at this
 * computer's own browser, and the window may be open on another one.
 */
export function LoginCommands({ name, login }: { name: string; login: LoginState }) {
  return (
    <section aria-label={text.login}>
      <h3 className="mb-1 font-semibold">{text.login}</h3>
      <p className="mb-1 text-xs">
        <StatusDot tone={TONES[login]}>{text.loginState[login]}</StatusDot>
      </p>
      {login !== 'own-header' && (
        <>
          <p className="mb-1 text-xs text-muted">{text.loginHint}</p>
          <dl className="flex flex-col gap-1 text-xs">
            <Command name={name} verb="login" what={text.loginCommand} copy={text.copyLogin} />
            <Command name={name} verb="logout" what={text.logoutCommand} copy={text.copyLogout} />
          </dl>
        </>
      )}
    </section>
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
