import { counted } from '../../../shared/language/counted.ts';
import { routingOf } from '../../../shared/model/client.ts';
import type { HubStatus } from '../../../shared/model/hub.ts';
import { loadToken } from '../../hub/api/token.ts';
import { findLiveHub } from '../../hub/hub-lock.ts';
import { openMigration, withHub, type Context } from '../context.ts';
import { addressOf } from './serve.ts';

/** Is a hub running, and what does it serve. Ends well either way. */
export async function status(context: Context): Promise<number> {
  const { output, data, socket } = context;
  const facts = await findLiveHub(data, socket);
  if (!facts) {
    if (output.wantsJson) output.json({ running: false, servers: [], sessions: 0 });
    else output.say('No hub is running. Start one: patchbay serve');
    return 0;
  }
  const now: HubStatus = await withHub(context, ({ api }) => api.hub.status());
  if (output.wantsJson) {
    output.json(now);
    return 0;
  }
  output.say(
    `Patchbay ${now.version} is running (pid ${now.pid}, ${now.host}). Open ${addressOf(facts, loadToken(data.token))}`,
  );
  output.say(
    `${counted(now.sessions, 'session')}, ${counted(now.errorsLastHour, 'error')} in the last hour, ${counted(now.droppedExchanges, 'exchange')} not kept.`,
  );
  if (now.trafficStore) output.say(`Traffic is not kept as it should be: ${now.trafficStore}`);
  if (now.catalogError) output.say(`The catalog cannot be used as it is: ${now.catalogError}`);
  output.table(now.servers.map(({ name, state, instances }) => [`  ${name}`, state, `${instances} running`]));
  for (const { client, server, reason } of now.bypasses)
    output.say(`  ${client} ran ${server} without the hub: ${reason}.`);
  return 0;
}

/** The clients of this machine with their config files and entries. */
export async function clients(context: Context): Promise<number> {
  const { output } = context;
  const found = await (await openMigration(context)).clients();
  if (output.wantsJson) {
    output.json(found);
    return 0;
  }
  for (const client of found) {
    output.say(
      `${client.name} (${client.id}): ${client.installed ? 'installed' : 'not found'}, ${routingOf(client)}`,
    );
    for (const { pid, version, cwd } of client.running)
      output.say(`  running: pid ${pid} ${version ?? ''} ${cwd ?? ''}`);
    for (const config of client.configs) {
      const what = config.error ?? (config.exists ? counted(config.entries.length, 'server') : 'not there');
      output.say(`  ${config.scope}${config.project ? ` ${config.project}` : ''}  ${config.path}  ${what}`);
      output.table(
        config.entries.map((entry) => [
          `    ${entry.name}`,
          entry.transport,
          entry.routed ? 'through the hub' : 'direct',
        ]),
      );
    }
  }
  return 0;
}

/** Migrations so far, newest first. */
export async function history(context: Context): Promise<number> {
  const { output } = context;
  const items = await (await openMigration(context)).history();
  if (output.wantsJson) output.json(items);
  else if (items.length === 0) output.say('There was no migration yet.');
  else
    output.table(
      items.map(({ id, at, state, files }) => [id, at, state, files.map(({ path }) => path).join(', ')]),
    );
  return 0;
}
