import type { SessionView } from '../../../shared/model/session.ts';
import { usage } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';

/** Conversations of clients with the running hub: list them, or end one. */
export async function sessions(context: Context): Promise<number> {
  const [verb = 'list', id, ...rest] = context.line.words;
  if (verb !== 'list' && verb !== 'end') throw usage(`sessions does not know ${JSON.stringify(verb)}.`);
  if (verb === 'end' && id === undefined) throw usage('Which session? Give its id.');
  if (rest.length > 0 || (verb === 'list' && id !== undefined)) {
    throw usage(`sessions ${verb} takes no ${JSON.stringify(rest[0] ?? id)}.`);
  }
  await withHub(context, async ({ api }) => {
    if (verb === 'end') await api.sessions.end({ id: id! });
    show(context, await api.sessions.list());
  });
  return 0;
}

function show({ output }: Context, views: readonly SessionView[]): void {
  if (output.wantsJson) return output.json(views);
  if (views.length === 0) return output.say('No client is connected.');
  output.table(
    views.map(({ id, client, server, transport, era, openedAt, cwd }) => [
      id,
      client,
      server,
      transport,
      era ?? '',
      new Date(openedAt).toISOString(),
      cwd ?? '',
    ]),
  );
}
