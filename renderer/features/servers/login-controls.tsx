import { ExternalLink, LogIn, LogOut, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ServerView } from '../../../shared/model/server.ts';
import { type Command, useCommands } from '../../lib/commands.ts';
import { formatMoment } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { useLogin } from './use-login.ts';

const text = messages.serverLogin;
const ICON = 'size-3.5';

/** Log in, log out, and what to do while a login waits in the browser. */
export function LoginControls({ server }: { server: ServerView }) {
  const { name, login, loginAttempt, instances } = server;
  const { isBusy, isBeginning, error, outcome, ...actions } = useLogin(server);
  const [isAsking, setAsking] = useState(false);
  const isWaiting = loginAttempt?.state === 'waiting';
  const canLogOut = !isWaiting && login !== 'needed';
  const openPage = (): void => void actions.openPage();
  const cancel = (): void => void actions.cancel();
  const logOut = (): void => void actions.logOut();
  const askLogOut = (): void => (instances.length > 0 ? setAsking(true) : logOut());

  useLoginCommands({ name, isWaiting, canLogOut }, { openPage, cancel, askLogOut });
  const { first, box } = useKeptFocus(`${isWaiting} ${canLogOut}`);

  return (
    <div ref={box} className="flex flex-col items-start gap-2">
      {/* Always there, and never hidden: a live region that comes with its text is not read. */}
      <div role="status" className="w-full empty:-mb-2">
        {isBeginning ? (
          <p className="text-xs text-muted">{text.beginning}</p>
        ) : isWaiting ? (
          <>
            <p className="text-sm">{text.waiting(formatMoment(loginAttempt.until, 0))}</p>
            <p className="text-xs text-muted">{text.waitingHint}</p>
          </>
        ) : (
          outcome && (
            // The line above says the same to the eye.
            <p className={outcome === 'logged-in' ? 'sr-only' : 'text-sm'}>
              <SafeText text={text.outcome[outcome](name)} />
            </p>
          )
        )}
      </div>
      {loginAttempt?.state === 'failed' && !isBusy && (
        <Notice tone="danger" className="w-full">
          <p className="font-medium">
            <SafeText text={loginAttempt.message} />
          </p>
          <p className="text-muted">
            <SafeText text={loginAttempt.hint ?? text.failedHint} />
          </p>
        </Notice>
      )}
      {error && <ErrorNotice error={error} className="w-full" />}
      <div className="flex flex-wrap items-center gap-1.5">
        <Button
          ref={first}
          variant={login === 'needed' && !isWaiting ? 'primary' : 'default'}
          aria-disabled={isBusy}
          icon={
            isWaiting ? (
              <ExternalLink aria-hidden="true" className={ICON} />
            ) : (
              <LogIn aria-hidden="true" className={ICON} />
            )
          }
          onClick={openPage}
        >
          {isWaiting ? text.openPage : login === 'logged-in' ? text.logInAgain : text.logIn}
        </Button>
        {isWaiting && (
          <Button icon={<X aria-hidden="true" className={ICON} />} onClick={cancel}>
            {text.cancel}
          </Button>
        )}
        {canLogOut && (
          <Button
            aria-disabled={isBusy}
            icon={<LogOut aria-hidden="true" className={ICON} />}
            onClick={askLogOut}
          >
            {text.logOut}
          </Button>
        )}
      </div>
      <ConfirmDialog
        target={isAsking ? instances : null}
        question={({ length }) => ({
          title: text.logOutTitle(name),
          body: text.logOutBody(length),
          confirm: text.logOut,
        })}
        onClose={() => setAsking(false)}
        onConfirm={logOut}
      />
    </div>
  );
}

/** The second button comes and goes with the state; whoever was on it finds himself on the first one. */
function useKeptFocus(buttons: string) {
  const first = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const wasInside = useRef(false);
  useEffect(() => {
    const note = ({ target }: FocusEvent): void => {
      wasInside.current = target instanceof Node && (box.current?.contains(target) ?? false);
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, []);
  useEffect(() => {
    if (wasInside.current && document.activeElement === document.body) first.current?.focus();
  }, [buttons]);
  return { first, box };
}

interface Can {
  name: string;
  isWaiting: boolean;
  canLogOut: boolean;
}

/** The same for the palette. */
function useLoginCommands(
  { name, isWaiting, canLogOut }: Can,
  run: { openPage(): void; cancel(): void; askLogOut(): void },
): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useCommands(
    useMemo((): Command[] => {
      const { commands } = text;
      const { group } = messages.servers;
      return [
        {
          id: 'servers.login',
          label: (isWaiting ? commands.openPage : commands.logIn)(name),
          group,
          run: () => latest.current.openPage(),
        },
        ...(isWaiting
          ? [
              {
                id: 'servers.login.cancel',
                label: commands.cancel(name),
                group,
                run: () => latest.current.cancel(),
              },
            ]
          : []),
        ...(canLogOut
          ? [
              {
                id: 'servers.logout',
                label: commands.logOut(name),
                group,
                run: () => latest.current.askLogOut(),
              },
            ]
          : []),
      ];
    }, [name, isWaiting, canLogOut]),
  );
}
