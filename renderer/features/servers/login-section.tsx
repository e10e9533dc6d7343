import type { ReactNode } from 'react';
import type { LoginState, ServerView } from '../../../shared/model/server.ts';
import { isOnHubsMachine } from '../../lib/login-page.ts';
import { messages } from '../../messages/messages.ts';
import { StatusDot } from '../../ui/status-dot.tsx';
import { LoginCommands } from './login-commands.tsx';
import { LoginControls } from './login-controls.tsx';

const text = messages.serverLogin;

const TONES = { 'not-asked': 'idle', needed: 'danger', 'logged-in': 'good', 'own-header': 'idle' } as const;

/** Whether a remote server has a login, and how to log in and out: with buttons, or from another computer in words. */
export function LoginSection({ server, login }: { server: ServerView; login: LoginState }) {
  return (
    <section aria-label={text.title}>
      <h3 className="mb-1 font-semibold">{text.title}</h3>
      <p className="mb-1.5 text-xs">
        <StatusDot tone={TONES[login]}>
          <span className="whitespace-normal">{text.state[login]}</span>
        </StatusDot>
      </p>
      {login !== 'own-header' && <Ways server={server} />}
    </section>
  );
}

const Ways = ({ server }: { server: ServerView }): ReactNode =>
  isOnHubsMachine(window) ? <LoginControls server={server} /> : <LoginCommands name={server.name} />;
