import type { ConfigWrite } from '../../shared/model/config-version.ts';
import { toErrorInfo } from '../../shared/model/error.ts';
import type { Finding } from '../../shared/model/guardian.ts';
import { asPatchbayError, type HubApi } from '../hub/api/hub-link.ts';
import type { Logger } from '../hub/log.ts';
import type { HubFollower } from './hub-follower.ts';
import type { Conversation } from './routing.ts';
import { bounded, changedLines, failure, namesOf, type Notice, type Question } from './routing-words.ts';

export interface RepairOptions {
  hub: Pick<HubFollower, 'client' | 'view'>;
  conversation: Conversation;
  /** Opens the findings in the window. */
  review: () => void;
  logger: Logger;
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

export function createRepair({ hub, conversation, review, logger }: RepairOptions): Repair {
  const asked = new Set<string>();
  let isBusy = false;

  async function offer(client: HubApi, findings: readonly Finding[]): Promise<void> {
    const broken: Broken[] = [];
    for (const finding of findings) {
      const write = await client.guardian.mergeBack({ id: finding.id, dryRun: true });
      broken.push({ finding, write });
    }
    const names = namesOf([...new Set(findings.map((finding) => finding.client))], hub.view.clients);
    const answer = await conversation.ask(repairQuestion(names, broken));
    if (answer === 1) review();
    if (answer !== 0) return;
    for (const { finding, write } of broken) {
      if (write.refusal) continue;
      await client.guardian.mergeBack({ id: finding.id, expected: write.sha256Before });
    }
    conversation.tell(repairOutcome(names, broken));
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
          conversation.tell(failure('Entries could not be repaired', info));
        })
        .finally(() => {
          isBusy = false;
        });
    },
  };
}

/** What is asked before an entry is changed; nothing to press where no file can be written now. */
export function repairQuestion(names: string, broken: readonly Broken[]): Question {
  const able = broken.filter(({ write }) => !write.refusal);
  const refused = broken.flatMap(({ write: { path, refusal } }) =>
    refusal ? [`Left alone: ${path}. ${refusal.message} ${refusal.hint ?? ''}`.trim()] : [],
  );
  return {
    message: `Was Patchbay moved? ${names} cannot start its servers.`,
    detail: [
      'Its entries start a program that is not there any more. They can start this one instead:',
      ...(able.length > 0
        ? [bounded(able.map(({ write }) => `${write.path}\n    ${changedLines(write.diff)}`))]
        : []),
      ...(refused.length > 0 ? [bounded(refused)] : []),
      'The version of each file before is kept.',
    ].join('\n\n'),
    buttons: [able.length > 0 ? 'Repair' : 'OK', 'Review the Changes…', 'Not Now'],
  };
}

/** How it ended. */
export function repairOutcome(names: string, broken: readonly Broken[]): Notice {
  const left = broken.filter(({ write }) => write.refusal).length;
  if (left > 0) {
    return {
      kind: 'problem',
      title: `Not every entry of ${names} could be repaired`,
      body: bounded(
        broken.flatMap(({ write: { path, refusal } }) => (refusal ? [`${path}: ${refusal.message}`] : [])),
      ),
    };
  }
  return {
    kind: 'info',
    title: `${names} can start its servers again`,
    body: 'A session that runs takes them in when it is started again.',
  };
}
