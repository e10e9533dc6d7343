import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerDefinition, ServerView } from '../../../shared/model/server.ts';
import { prepareDataFolder } from '../../hub/data-folder.ts';
import { nodeStorage } from '../../hub/files/storage.ts';
import { catalogImporter } from '../../hub/migration/import/catalog-importer.ts';
import { InstancePool } from '../../hub/servers/instance-pool.ts';
import { openLiveCatalog } from '../../hub/servers/live-catalog.ts';
import { createServerService } from '../../hub/servers/server-service.ts';
import { silentLogger } from '../../hub/log.ts';
import { text, usage } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';
import type { HubApi } from '../../hub/api/hub-link.ts';
import { connectHub } from '../../hub/api/connect-hub.ts';
import { importServersFrom } from './import-servers.ts';
import { logIn, logOut } from './server-login.ts';
import { serverTools } from './server-tools.ts';
import { setServer } from './server-settings.ts';

type ServerActions = Pick<HubApi['servers'], 'list' | 'add' | 'remove' | 'setEnabled'>;

/** The catalog: list and change it, with or without a running hub; `restart` needs one. */
export async function servers(context: Context): Promise<number> {
  const [verb = 'list', name, ...rest] = context.line.words;
  if (verb === 'import') return await importServersFrom(context, name);
  if (verb === 'tools') return await serverTools(context, needName(name));
  if (verb === 'set' || verb === 'login' || verb === 'logout') {
    if (verb === 'set') await setServer(context, needName(name), rest);
    else if (verb === 'login') await logIn(context, needName(name));
    else await logOut(context, needName(name));
    return 0;
  }
  if (verb === 'restart') {
    await withHub(context, ({ api }) => api.servers.restart({ name: needName(name) }));
  } else {
    await withCatalog(context, async (actions) => {
      if (verb === 'add')
        await actions.add({ name: needName(name), definition: definitionFrom(context, rest) });
      else if (verb === 'remove') await actions.remove({ name: needName(name) });
      else if (verb === 'enable' || verb === 'disable') {
        await actions.setEnabled({ name: needName(name), enabled: verb === 'enable' });
      } else if (verb !== 'list') throw usage(`servers does not know ${JSON.stringify(verb)}.`);
      show(context, await actions.list());
    });
    return 0;
  }
  await withCatalog(context, async (actions) => show(context, await actions.list()));
  return 0;
}

function show({ output }: Context, views: readonly ServerView[]): void {
  if (output.wantsJson) return output.json(views);
  if (views.length === 0) return output.say('The catalog is empty.');
  output.table(
    views.map((view) => [
      view.name,
      view.state,
      `${view.instances.length} running`,
      [view.command, ...view.args].join(' ') || view.url || '',
    ]),
  );
}

function needName(name: string | undefined): string {
  if (name === undefined || name === '') throw usage('Which server? Give its name.');
  return name;
}

function definitionFrom({ line }: Context, [command, ...args]: string[]): ServerDefinition {
  if (command === undefined)
    throw usage('Give the command after "--": patchbay servers add NAME -- COMMAND ARGS…');
  const pairs = (line.flags.get('env') as string[] | undefined) ?? [];
  const env = new Map<string, string>();
  for (const pair of pairs) {
    const split = pair.indexOf('=');
    if (split < 1) throw usage(`--env takes NAME=VALUE, not ${JSON.stringify(pair)}.`);
    env.set(pair.slice(0, split), pair.slice(split + 1));
  }
  const cwd = text(line, 'cwd');
  return {
    command,
    args,
    ...(env.size > 0 ? { env: Object.fromEntries(env) } : {}),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

/** Through the hub where one runs, on the file itself where none does. */
async function withCatalog(context: Context, use: (actions: ServerActions) => Promise<void>): Promise<void> {
  const hub = await connectHub(context.socket);
  if (hub) {
    try {
      return await use(hub.api.servers);
    } finally {
      hub.close();
    }
  }
  prepareDataFolder(context.data);
  const catalog = await openLiveCatalog({ data: context.data, logger: silentLogger, onChange: () => {} });
  try {
    if (catalog.error) throw new PatchbayError('CATALOG_INVALID', catalog.error);
    const service = createServerService({
      data: context.data,
      catalog,
      pool: new InstancePool(() => {}),
      counts: () => new Map(),
      importServers: catalogImporter(nodeStorage(process.platform), context.data),
      forgive: () => {},
    });
    await use({
      list: async () => service.list(),
      add: async ({ name, definition }) => service.add(name, definition).then(() => ({ ok: true as const })),
      remove: async ({ name }) => service.remove(name).then(() => ({ ok: true as const })),
      setEnabled: async ({ name, enabled }) =>
        service.setEnabled(name, enabled).then(() => ({ ok: true as const })),
    });
  } finally {
    await catalog.close();
  }
}
