import type { Era } from '../../../../shared/json-rpc/envelope.ts';
import type { ChangedList } from './attached.ts';
import type { ClientConversation } from './conversation.ts';
import type { ServerCapabilities } from './server-facts.ts';

/** Instructions go into the model's context with every conversation. */
const MAX_INSTRUCTIONS = 16 * 1024;
const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** A server that has not been met may have all of it; what it lacks is an empty list. */
const UNKNOWN: ServerCapabilities = {
  tools: {},
  prompts: {},
  resources: { subscribe: true },
  completions: {},
  logging: {},
};

/** What the hub says of itself where it stands for several servers. Never waits for any of them. */
export class HubIdentity {
  /** JSON text of an Implementation. */
  readonly serverInfo: string;
  readonly #conversation: ClientConversation;

  constructor(conversation: ClientConversation, hubInfo: { name: string; version: string }) {
    this.#conversation = conversation;
    this.serverInfo = JSON.stringify(hubInfo);
  }

  /** All that any of the servers can do. Lists can always change: the catalog does. */
  capabilities(era: Era): Record<string, unknown> {
    const all = this.#conversation.links().map((link) => link.facts?.capabilities ?? UNKNOWN);
    const some = (has: (capabilities: ServerCapabilities) => unknown): boolean =>
      all.some((one) => Boolean(has(one)));
    const canSubscribe = some(({ resources }) => resources?.subscribe);
    const extensions = Object.assign({}, ...all.map((one) => one.extensions ?? {})) as Record<
      string,
      unknown
    >;
    if (era === 'legacy') delete extensions[TASKS_EXTENSION];
    const tasks = era === 'legacy' ? all.find((one) => one.tasks)?.tasks : undefined;
    return {
      tools: { listChanged: true },
      ...(some(({ prompts }) => prompts) && { prompts: { listChanged: true } }),
      ...(some(({ resources }) => resources) && {
        resources: { listChanged: true, ...(canSubscribe && { subscribe: true }) },
      }),
      ...(some(({ completions }) => completions) && { completions: {} }),
      ...(some(({ logging }) => logging) && { logging: {} }),
      ...(tasks && { tasks }),
      ...(Object.keys(extensions).length > 0 && { extensions }),
    };
  }

  /** Whether the client has been told that changes of this list are news. */
  promisesNewsOf(list: ChangedList): boolean {
    const { only } = this.#conversation;
    return only ? only.facts?.capabilities[list]?.listChanged === true : true;
  }

  /** Those of all servers under their names, as far as they are known; null when there are none. */
  instructions(): string | null {
    let text = '';
    for (const link of this.#conversation.links()) {
      const own = link.facts?.instructions;
      if (!own) continue;
      const part = `${text === '' ? '' : '\n\n'}## ${link.server}\n\n${own}`;
      // Half a sentence could say the opposite of the whole.
      if (text.length + part.length <= MAX_INSTRUCTIONS) text += part;
    }
    return text === '' ? null : text;
  }
}
