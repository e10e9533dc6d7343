import { needsOwner } from './call-context.ts';
import type { HubServices } from './hub-services.ts';
import type { Implementer } from './implement-contract.ts';

const ok = { ok: true as const };

/** The catalog, its live instances, and what sharing them would save. */
export function serverRoutes(
  os: Implementer,
  {
    servers,
    logins,
    sharing,
    questions,
    toolWatch,
  }: Pick<HubServices, 'servers' | 'logins' | 'sharing' | 'questions' | 'toolWatch'>,
) {
  return {
    servers: {
      list: os.servers.list.handler(() => servers.list()),
      stderr: os.servers.stderr.handler(({ input }) => servers.stderr(input.name)),
      tools: os.servers.tools.handler(({ input }) => questions.ask(input.name)),
      toolFindings: os.servers.toolFindings.handler(() => toolWatch.findings()),
      toolChanges: os.servers.toolChanges.handler(({ input }) => toolWatch.changes(input.name)),
      acceptTools: os.servers.acceptTools.handler(async ({ input, context }) => {
        needsOwner(context);
        await toolWatch.accept(input.name, input.id);
        return ok;
      }),
      add: os.servers.add.handler(async ({ input, context }) => {
        needsOwner(context);
        await servers.add(input.name, input.definition);
        return ok;
      }),
      remove: os.servers.remove.handler(async ({ input, context }) => {
        needsOwner(context);
        await servers.remove(input.name);
        return ok;
      }),
      setEnabled: os.servers.setEnabled.handler(async ({ input }) => {
        await servers.setEnabled(input.name, input.enabled);
        return ok;
      }),
      settings: os.servers.settings.handler(({ input }) => servers.settings(input.name)),
      change: os.servers.change.handler(async ({ input, context }) => {
        needsOwner(context);
        await servers.change(input.name, input.change);
        return ok;
      }),
      restart: os.servers.restart.handler(async ({ input }) => {
        await servers.restart(input.name);
        return ok;
      }),
      login: os.servers.login.handler(({ input, context }) => {
        needsOwner(context);
        return logins.begin(input.name);
      }),
      cancelLogin: os.servers.cancelLogin.handler(({ input, context }) => {
        needsOwner(context);
        logins.cancel(input.name);
        return ok;
      }),
      logout: os.servers.logout.handler(async ({ input, context }) => {
        needsOwner(context);
        await logins.logout(input.name);
        return ok;
      }),
      import: os.servers.import.handler(({ input, context }) => {
        needsOwner(context);
        return servers.import(input);
      }),
    },
    sharing: {
      advice: os.sharing.advice.handler(() => sharing.advice()),
      try: os.sharing.try.handler(async ({ input, context }) => {
        needsOwner(context);
        await sharing.try(input.server);
        return ok;
      }),
      takeBack: os.sharing.takeBack.handler(async ({ input, context }) => {
        needsOwner(context);
        await sharing.takeBack(input.server);
        return ok;
      }),
      keep: os.sharing.keep.handler(async ({ input, context }) => {
        needsOwner(context);
        await sharing.keep(input.server);
        return ok;
      }),
    },
  };
}
