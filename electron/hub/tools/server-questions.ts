import { z } from 'zod';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { OfferedItem, ServerOffer } from '../../../shared/model/server-tools.ts';
import { exposureOf } from '../../../shared/model/tool-exposure.ts';
import type { Mux } from '../routes/mux/mux.ts';
import type { ListItem, ListMethod } from '../routes/mux/upstream-lists.ts';
import type { Catalog } from '../servers/catalog-parse.ts';

/** Asks servers what they offer. */
export interface ServerQuestions {
  /** Whoever asks while a question is under way gets its answer. Throws SERVER_UNKNOWN and what a start throws. */
  ask(server: string): Promise<ServerOffer>;
}

export interface ServerQuestionsDeps {
  catalog(): Catalog;
  mux: Pick<Mux, 'ask'>;
  user: string;
  now(): number;
}

/** Each question may start a process. */
const MAX_AT_ONCE = 4;
/** A definition that is longer is passed on without its text (B24). */
const MAX_DEFINITION_BYTES = 256 * 1024;
/** Of one answer: it is read by a person. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export function createServerQuestions({ catalog, mux, user, now }: ServerQuestionsDeps): ServerQuestions {
  const asking = new Map<string, Promise<ServerOffer>>();

  const ask = async (server: string): Promise<ServerOffer> => {
    const { asked, protocolVersion, lists } = await mux.ask(server, user);
    const exposed = exposureOf(catalog().get(server)?.tools);
    const room = { left: MAX_ANSWER_BYTES, leftOut: 0 };
    const offered = (method: ListMethod): OfferedItem[] => {
      const list = lists[method];
      return 'problem' in list ? [] : list.items.flatMap((item) => describeItem(item, room) ?? []);
    };
    const tools = lists['tools/list'];
    if ('problem' in tools) throw new PatchbayError('SERVER_FAILED', `${server}: ${tools.problem}`);
    return {
      server,
      askedAt: now(),
      asked,
      protocolVersion,
      tools: offered('tools/list').map((tool) => ({ ...tool, shownAs: exposed(tool.key) })),
      prompts: offered('prompts/list'),
      resources: offered('resources/list'),
      templates: offered('resources/templates/list'),
      problems: Object.values(lists).flatMap((list) => ('problem' in list ? [list.problem] : [])),
      leftOut: room.leftOut,
    };
  };

  return {
    ask(server) {
      const running = asking.get(server);
      if (running) return running;
      if (!catalog().has(server)) {
        return Promise.reject(
          new PatchbayError(
            'SERVER_UNKNOWN',
            `There is no server ${JSON.stringify(server)} in the catalog.`,
            {
              hint: 'See: patchbay servers list',
            },
          ),
        );
      }
      if (asking.size >= MAX_AT_ONCE) {
        const message = `${MAX_AT_ONCE} servers are being asked already.`;
        return Promise.reject(new PatchbayError('SERVER_BUSY', message));
      }
      const question = ask(server).finally(() => asking.delete(server));
      asking.set(server, question);
      return question;
    },
  };
}

const Texts = z.looseObject({
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
});

/** Null where there is no room for it any more, which is counted. */
function describeItem({ key, bytes }: ListItem, room: { left: number; leftOut: number }): OfferedItem | null {
  const isShort = bytes.length <= MAX_DEFINITION_BYTES;
  const cost = key.length + (isShort ? 2 * bytes.length : 0);
  if (cost > room.left) {
    room.leftOut += 1;
    return null;
  }
  room.left -= cost;
  const definition = isShort ? bytes.toString('utf8') : null;
  const { title = null, description = null } = readTexts(definition);
  return { key, title, description, definition };
}

function readTexts(definition: string | null): {
  title?: string | undefined;
  description?: string | undefined;
} {
  try {
    return Texts.parse(JSON.parse(definition ?? '{}'));
  } catch {
    return {};
  }
}
