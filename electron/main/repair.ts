import type { ConfigWrite } from '../../shared/model/config-version.ts';
import { toErrorInfo } from '../../shared/model/error.ts';
import type { Finding } from '../../shared/model/guardian.ts';
import { asPatchbayError, type HubApi } from '../hub/api/hub-link.ts';
import type { Logger } from '../hub/log.ts';
import type { HubFollower } from './hub-follower.ts';
import type { ShellMessages } from './messages/messages.ts';
import type { Conversation } from './routing.ts';
import { bounded, changedLines, failure, namesOf, type Notice, type Question } from './routing-words.ts';

export interface RepairOptions {
  hub: Pick<HubFollower, 'client' | 'view'>;
  conversation: Conversation;
  /** Opens the findings in the window. */
  review: () => void;
  logger: Logger;
  /** The texts in the language of the moment. */
  text: () => ShellMessages;
}

/**
 * After the app was moved or updated under another name, routed entries start a program that is not there any more,
 * and their client has no servers. Asks once about each such finding, and lets the entries start the app where it
 * is now.
 */
export interface Repair {
  /** Looks at what the hub says now. */
  look(): void;
}

/** A finding with what putting it right would change. */
interface Broken {
  finding: Finding;
  write: ConfigWrite;
}

export function createRepair({ hub, conversation, review, logger, text }: RepairOptions): Repair {
  const asked = new Set<string>();
  let isBusy = false;

  async function offer(client: HubApi, findings: readonly Finding[]): Promise<void> {
    const broken: Broken[] = [];
    for (const finding of findings) {
      const write = await client.guardian.mergeBack({ id: finding.id, dryRun: true });
      broken.push({ finding, write });
    }
    const names = namesOf([...new Set(findings.map((finding) => finding.client))], hub.view.clients, text());
    const answer = await conversation.ask(repairQuestion(names, broken, text()));
    if (answer === 1) review();
    if (answer !== 0) return;
    for (const { finding, write } of broken) {
      if (write.refusal) continue;
      await client.guardian.mergeBack({ id: finding.id, expected: write.sha256Before });
    }
    conversation.tell(repairOutcome(names, broken, text()));
  }

  return {
    look() {
      const { client, view } = hub;
      if (isBusy || !client) return;
      const open = (view.findings ?? []).filter(
        ({ id, kind, actions }) =>
          kind === 'shim-missing' && actions.includes('merge-back') && !asked.has(id),
      );
      if (open.length === 0) return;
      isBusy = true;
      for (const { id } of open) asked.add(id);
      offer(client, open)
        .catch((error: unknown) => {
          const info = toErrorInfo(asPatchbayError(error));
          logger.log('warn', 'repair.failed', { problem: info.message });
          conversation.tell(failure(text().routing.repair.failed, info));
        })
        .finally(() => {
          isBusy = false;
        });
    },
  };
}

/** What is asked before an entry is changed; nothing to press where no file can be written now. */
export function repairQuestion(names: string, broken: readonly Broken[], text: ShellMessages): Question {
  const { repair, leftAlone, review } = text.routing;
  const able = broken.filter(({ write }) => !write.refusal);
  const refused = broken.flatMap(({ write: { path, refusal } }) =>
    refusal ? [leftAlone(path, `${refusal.message} ${refusal.hint ?? ''}`.trim())] : [],
  );
  const changes = able.map(({ write }) => `${write.path}\n    ${changedLines(write.diff, text.routing)}`);
  return {
    message: repair.question(names),
    detail: [
      repair.explain,
      ...(changes.length > 0 ? [bounded(changes, text)] : []),
      ...(refused.length > 0 ? [bounded(refused, text)] : []),
      repair.kept,
    ].join('\n\n'),
    buttons: [able.length > 0 ? repair.confirm : text.common.ok, review, text.common.notNow],
  };
}

/** How it ended. */
export function repairOutcome(names: string, broken: readonly Broken[], text: ShellMessages): Notice {
  const { repair } = text.routing;
  const left = broken.flatMap(({ write: { path, refusal } }) =>
    refusal ? [`${path}: ${refusal.message}`] : [],
  );
  return left.length > 0
    ? { kind: 'problem', title: repair.notAll(names), body: bounded(left, text) }
    : { kind: 'info', title: repair.done(names), body: repair.doneBody };
}
