import { oc } from '@orpc/contract';
import { z } from 'zod';
import { LoginPage, ServerDefinition, ServerView, StderrLine } from '../model/server.ts';
import { ServerChange, ServerImport } from '../model/server-change.ts';
import { ServerOffer, ToolChanges, ToolFinding } from '../model/server-tools.ts';
import { SharingAdvice } from '../model/sharing.ts';

const ok = z.object({ ok: z.literal(true) });
const name = z.object({ name: z.string() });

export const serversContract = {
  list: oc
    .route({ method: 'GET', path: '/servers', summary: 'The catalog with states' })
    .output(z.array(ServerView)),
  stderr: oc
    .route({
      method: 'GET',
      path: '/servers/{name}/stderr',
      summary: 'The newest lines a server wrote to stderr',
    })
    .input(name)
    .output(z.array(StderrLine)),
  /**
   * Asks the server now: a running instance, else one that is started for it and ended afterwards. In no log of
   * traffic.
   */
  tools: oc
    .route({
      method: 'POST',
      path: '/servers/{name}/tools',
      summary: 'Ask a server what it offers right now',
    })
    .input(name)
    .output(ServerOffer),
  /** Servers whose tools are not as they were accepted; quiet while that is none. */
  toolFindings: oc
    .route({ method: 'GET', path: '/tools/findings', summary: 'Servers whose tools have changed' })
    .output(z.array(ToolFinding)),
  toolChanges: oc
    .route({ method: 'GET', path: '/servers/{name}/tools/changes', summary: 'What has changed of each tool' })
    .input(name)
    .output(ToolChanges),
  /** Closes the finding with this id: nothing is accepted that was not shown. */
  acceptTools: oc
    .route({ method: 'POST', path: '/servers/{name}/tools/accept', summary: 'Accept changed tools' })
    .input(name.extend({ id: z.string() }))
    .output(ok),
  add: oc
    .route({ method: 'POST', path: '/servers', summary: 'Add a server to the catalog' })
    .input(name.extend({ definition: ServerDefinition }))
    .output(ok),
  remove: oc
    .route({ method: 'DELETE', path: '/servers/{name}', summary: 'Take a server out of the catalog' })
    .input(name)
    .output(ok),
  setEnabled: oc
    .route({ method: 'PUT', path: '/servers/{name}/enabled', summary: 'Switch a server on or off' })
    .input(name.extend({ enabled: z.boolean() }))
    .output(ok),
  /** What may be changed of a server, as it stands in the catalog file; a field that is not there has its default. */
  settings: oc
    .route({ method: 'GET', path: '/servers/{name}/settings', summary: 'What may be changed of a server' })
    .input(name)
    .output(ServerChange),
  /** Live sessions keep what they have; the next ones get the new. */
  change: oc
    .route({ method: 'PATCH', path: '/servers/{name}', summary: 'Change isolation, limits, tools or spares' })
    .input(name.extend({ change: ServerChange }))
    .output(ok),
  /** Ends the instances; their sessions are carried over to new ones. Clears `failed`. */
  restart: oc
    .route({ method: 'POST', path: '/servers/{name}/restart', summary: 'Restart a server' })
    .input(name)
    .output(ok),
  /**
   * Begins a login at a remote server through the browser, or joins the one that waits already: there is one at a
   * time, and both get the same address. The browser must be on the hub's machine, where it comes back to. The hub
   * waits for 5 minutes; how it goes on is in the server's `loginAttempt` and `login`. Fails with SERVER_UNKNOWN,
   * NOT_SUPPORTED, PORT_TAKEN, SECRET_MISSING, or LOGIN_NEEDED when it was cancelled meanwhile.
   */
  login: oc
    .route({ method: 'POST', path: '/servers/{name}/login', summary: 'Begin a login at a remote server' })
    .input(name)
    .output(LoginPage),
  /** The login before it stays. Nothing happens where none waits. */
  cancelLogin: oc
    .route({ method: 'POST', path: '/servers/{name}/login/cancel', summary: 'Break a login off' })
    .input(name)
    .output(ok),
  /** Also for addresses the server had before, and for a server that is no longer in the catalog. */
  logout: oc
    .route({ method: 'POST', path: '/servers/{name}/logout', summary: 'Forget the login at a remote server' })
    .input(name)
    .output(ok),
  /** Servers out of the text of a file of another tool; with `dryRun` only what would be added. */
  import: oc
    .route({ method: 'POST', path: '/servers/import', summary: 'Import servers from a file of another tool' })
    .input(
      z.object({
        text: z.string().max(16_777_216),
        /** The file's name, for errors and for the origin of each server. */
        source: z.string().min(1).max(1_000),
        dryRun: z.boolean().default(true),
      }),
    )
    .output(ServerImport),
};

export const sharingContract = {
  /** What sharing would save, per server with instances or sessions now or in the log. */
  advice: oc
    .route({ method: 'GET', path: '/sharing', summary: 'What sharing servers would save' })
    .output(z.array(SharingAdvice)),
  /** Changes the isolation to the offered one; running sessions keep theirs. Remembers what it was. */
  try: oc
    .route({ method: 'POST', path: '/sharing/{server}/try', summary: 'Try sharing a server' })
    .input(z.object({ server: z.string() }))
    .output(ok),
  takeBack: oc
    .route({ method: 'POST', path: '/sharing/{server}/take-back', summary: 'Take the trial back' })
    .input(z.object({ server: z.string() }))
    .output(ok),
  /** Ends the trial and keeps the new isolation. */
  keep: oc
    .route({ method: 'POST', path: '/sharing/{server}/keep', summary: 'Keep what was tried' })
    .input(z.object({ server: z.string() }))
    .output(ok),
};
