import { PatchbayError, toErrorInfo } from '../../../shared/model/error.ts';
import type { LoginAttempt, LoginPage } from '../../../shared/model/server.ts';
import type { Logger } from '../log.ts';
import { LOGIN_MS, type PendingLogin } from './remote/oauth-login.ts';

/** The logins that this hub has begun for a person in front of a window; the command line has its own. */
export interface ServerLogins {
  /** Begins one, or joins the one that waits. Rejects as `beginServerLogin` does, or when it was broken off meanwhile. */
  begin(name: string): Promise<LoginPage>;
  /** Breaks off the one that waits. */
  cancel(name: string): void;
  /** Forgets the login, and breaks off the one that waits. */
  logout(name: string): Promise<void>;
  /** What a view shows of it. */
  attempt(name: string): LoginAttempt | null;
  /** A person has acted on the server: what failed before is no longer news. */
  forgive(name: string): void;
  /** One that waits for an address the server no longer has would log in nowhere: it is broken off. */
  catalogChanged(): void;
  /** Breaks off all; a login that is being begun closes its port as soon as it has one. */
  close(): void;
}

export interface ServerLoginsOptions {
  begin(name: string): Promise<PendingLogin>;
  /** Drops what is stored of the logins at a server. */
  forget(name: string): Promise<void>;
  /** Where the server is now; undefined for one that is none, or has no address. */
  address(name: string): string | undefined;
  /** Another login counts: connections of before are of no use. */
  restart(name: string): Promise<void>;
  changed(): void;
  logger: Logger;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** One login that waits: for the authorization server to say where the person logs in, then for the person. */
interface Waiting {
  address: string | undefined;
  until: number;
  page: Promise<LoginPage>;
  broken: AbortController;
}

export function createServerLogins(options: ServerLoginsOptions): ServerLogins {
  const { logger, changed, now } = options;
  const waiting = new Map<string, Waiting>();
  const failed = new Map<string, LoginAttempt>();

  const isCurrent = (name: string, login: Waiting): boolean => waiting.get(name) === login;

  const start = async (name: string, login: Waiting): Promise<LoginPage> => {
    try {
      const pending = await options.begin(name);
      if (login.broken.signal.aborted) {
        pending.cancel();
        throw brokenOff(name);
      }
      login.broken.signal.addEventListener('abort', () => pending.cancel(), { once: true });
      void pending.finished.then(
        () => succeeded(name, login),
        (error: unknown) => missed(name, login, error),
      );
      return { url: pending.authorizationUrl };
    } catch (error) {
      // Whoever asked for it is told; nobody else saw that it was begun.
      leave(name, login);
      throw error;
    }
  };

  const leave = (name: string, login: Waiting): void => {
    if (!isCurrent(name, login)) return;
    waiting.delete(name);
    changed();
  };

  const succeeded = async (name: string, login: Waiting): Promise<void> => {
    logger.log('info', 'login.done', { server: name });
    leave(name, login);
    await restart(name);
  };

  const missed = (name: string, login: Waiting, error: unknown): void => {
    if (!isCurrent(name, login)) return;
    const { code, message, hint } = toErrorInfo(error);
    // Not the message: it may quote what the authorization server said.
    logger.log('warn', 'login.failed', { server: name, code });
    failed.set(name, { state: 'failed', message, ...(hint === undefined ? {} : { hint }) });
    leave(name, login);
  };

  const breakOff = (name: string): void => {
    const login = waiting.get(name);
    if (!login) return;
    // First out of the list: what is broken off by a person has not failed.
    leave(name, login);
    login.broken.abort();
  };

  const restart = async (name: string): Promise<void> => {
    try {
      await options.restart(name);
    } catch (error) {
      // Taken out of the catalog meanwhile.
      if (!(error instanceof PatchbayError && error.code === 'SERVER_UNKNOWN')) {
        logger.log('warn', 'login.restart-failed', { server: name, message: toErrorInfo(error).message });
      }
    }
    changed();
  };

  return {
    begin(name) {
      const current = waiting.get(name);
      if (current) return current.page;
      failed.delete(name);
      const login: Waiting = {
        address: options.address(name),
        until: now() + LOGIN_MS,
        broken: new AbortController(),
        page: Promise.resolve().then(() => start(name, login)),
      };
      waiting.set(name, login);
      changed();
      return login.page;
    },
    cancel: breakOff,
    async logout(name) {
      breakOff(name);
      failed.delete(name);
      await options.forget(name);
      await restart(name);
    },
    attempt(name) {
      const login = waiting.get(name);
      return login ? { state: 'waiting', until: login.until } : (failed.get(name) ?? null);
    },
    forgive(name) {
      if (failed.delete(name)) changed();
    },
    catalogChanged() {
      for (const [name, { address }] of waiting) {
        if (options.address(name) !== address) breakOff(name);
      }
      for (const name of failed.keys()) {
        if (options.address(name) === undefined) failed.delete(name);
      }
    },
    close() {
      for (const name of waiting.keys()) breakOff(name);
    },
  };
}

const brokenOff = (name: string): PatchbayError =>
  new PatchbayError('LOGIN_NEEDED', `The login at the server ${name} was broken off.`);
