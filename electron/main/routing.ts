import type { ClientId } from '../../shared/model/client.ts';
import type { MigrationResult } from '../../shared/model/migration.ts';
import { PatchbayError, toErrorInfo } from '../../shared/model/error.ts';
import { asPatchbayError, type HubApi } from '../hub/api/hub-link.ts';
import type { HubFollower } from './hub-follower.ts';
import type { ShellMessages } from './messages/messages.ts';
import {
  failure,
  filesToWrite,
  namesOf,
  nothingToRoute,
  type Notice,
  type Question,
  rollBackOutcome,
  rollBackQuestion,
  routeOutcome,
  routeQuestion,
} from './routing-words.ts';

/** Where questions and news go; the dialogs and notifications of the system, or a test's script. */
export interface Conversation {
  /** Resolves with the index of the chosen button; closing the question counts as the last one. */
  ask(question: Question): Promise<number>;
  tell(notice: Notice): void;
}

/** Switches clients between the hub and their direct servers, one change at a time, never without consent. */
export interface Routing {
  readonly isBusy: boolean;
  route(clients: ClientId[]): Promise<void>;
  /** Without clients: everything Patchbay ever changed. */
  rollBack(clients?: ClientId[]): Promise<void>;
}

export interface RoutingOptions {
  hub: Pick<HubFollower, 'client' | 'view'>;
  conversation: Conversation;
  /** Opens the review of a plan in the window. */
  review: (clients: ClientId[]) => void;
  /** Called when {@link Routing.isBusy} changed. */
  onChange: () => void;
  /** The texts in the language of the moment. */
  text: () => ShellMessages;
}

export function createRouting({ hub, conversation, review, onChange, text }: RoutingOptions): Routing {
  let isBusy = false;

  async function exclusively(title: string, work: (client: HubApi) => Promise<void>): Promise<void> {
    if (isBusy || !hub.client) return;
    isBusy = true;
    onChange();
    try {
      await work(hub.client);
    } catch (error) {
      conversation.tell(failure(title, toErrorInfo(asPatchbayError(error))));
    } finally {
      isBusy = false;
      onChange();
    }
  }

  return {
    get isBusy() {
      return isBusy;
    },
    async route(clients) {
      const names = namesOf(clients, hub.view.clients, text());
      await exclusively(text().routing.route.failed(names), async (client) => {
        const plan = await client.migration.plan({ clients });
        if (filesToWrite(plan).length === 0) return conversation.tell(nothingToRoute(names, plan, text()));
        const answer = await conversation.ask(routeQuestion(names, plan, text()));
        if (answer === 1) review(clients);
        if (answer !== 0) return;
        const files = filesToWrite(plan);
        const expected = files.map(({ path, sha256 }) => ({ path, sha256 }));
        // A client whose files are all refused would fail the others.
        const able = clients.filter((id) => files.some((file) => file.client === id));
        const result = await apply(client, able, expected);
        if (!result) throw new PatchbayError('INTERNAL', text().routing.route.interrupted);
        conversation.tell(routeOutcome(names, result, text()));
      });
    },
    async rollBack(clients) {
      const names = clients ? namesOf(clients, hub.view.clients, text()) : text().routing.allClients;
      await exclusively(text().routing.rollBack.failed(names), async (client) => {
        const target = clients ? { clients } : {};
        const preview = await client.migration.rollback({ ...target, dryRun: true });
        const question = rollBackQuestion(names, preview, text());
        if (!question) return conversation.tell(rollBackOutcome(names, preview, text()));
        if ((await conversation.ask(question)) !== 0) return;
        const result = await client.migration.rollback({ ...target, dryRun: false });
        conversation.tell(rollBackOutcome(names, result, text()));
      });
    },
  };
}

/** Null when the hub ended before it had said how the migration did. */
async function apply(
  client: HubApi,
  clients: ClientId[],
  expected: { path: string; sha256: string }[],
): Promise<MigrationResult | null> {
  for await (const progress of await client.migration.apply({ clients, expected })) {
    if (progress.type === 'result') return progress.result;
  }
  return null;
}
