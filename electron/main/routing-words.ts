import type { ClientId, ClientView } from '../../shared/model/client.ts';
import type { ErrorInfo } from '../../shared/model/error.ts';
import type { MigrationResult, Plan, PlanFile, RollbackResult } from '../../shared/model/migration.ts';
import type { ShellMessages } from './messages/messages.ts';

type Words = ShellMessages['routing'];

/** A question with the answers in order; the last one is always to leave everything as it is. */
export interface Question {
  message: string;
  detail: string;
  buttons: string[];
}

/** Something to be told, and how loudly: `info` may pass by, `problem` waits to be read. */
export interface Notice {
  kind: 'info' | 'problem';
  title: string;
  body: string;
}

/** Lists in a dialog end here; the window shows the rest. */
const MAX_LINES = 8;

/** Names of clients as a person would say them. */
export function namesOf(
  ids: readonly ClientId[],
  clients: readonly ClientView[] | null,
  text: ShellMessages,
): string {
  const names = ids.map((id) => clients?.find((client) => client.id === id)?.name ?? id);
  return text.common.list(names) || text.routing.clients;
}

const moves = (file: PlanFile): number => file.entries.filter((entry) => entry.action === 'move').length;

/** The files a plan would write. */
export const filesToWrite = (plan: Plan): PlanFile[] =>
  plan.files.filter((file) => file.refusal === undefined && moves(file) > 0);

/** The first lines, and how many more there are. */
export function bounded(lines: string[], { common }: ShellMessages): string {
  const rest = lines.length - MAX_LINES;
  return [...lines.slice(0, MAX_LINES), ...(rest > 0 ? [common.more(rest)] : [])].join('\n');
}

/** How much a diff changes. */
export function changedLines(diff: string, words: Words): string {
  const lines = diff.split('\n');
  const added = lines.filter((line) => line.startsWith('+') && !line.startsWith('+++')).length;
  const removed = lines.filter((line) => line.startsWith('-') && !line.startsWith('---')).length;
  return words.changedLines(added, removed);
}

/** What is asked before the first file is written. */
export function routeQuestion(names: string, plan: Plan, text: ShellMessages): Question {
  const words = text.routing;
  const files = filesToWrite(plan);
  const servers = files.reduce((sum, file) => sum + moves(file), 0);
  const warnings = [
    ...new Set(plan.files.flatMap((file) => file.warnings.map((warning) => warning.message))),
  ];
  const refused = plan.files.flatMap(({ path, refusal }) =>
    refusal ? [words.leftAlone(path, refusal.message)] : [],
  );
  const changes = files.map(
    (file) => `${file.path}\n    ${words.fileChange(changedLines(file.diff, words), moves(file))}`,
  );
  return {
    message: words.route.question(servers, names),
    detail: [
      bounded(changes, text),
      ...(warnings.length > 0
        ? [
            bounded(
              warnings.map((warning) => `• ${warning}`),
              text,
            ),
          ]
        : []),
      ...(refused.length > 0 ? [bounded(refused, text)] : []),
      words.route.backup,
    ].join('\n\n'),
    buttons: [words.route.confirm(servers), words.review, text.common.cancel],
  };
}

/** Why a plan would write nothing. */
export function nothingToRoute(names: string, plan: Plan, text: ShellMessages): Notice {
  const words = text.routing.route;
  const reasons = plan.files.flatMap((file) => [
    ...(file.refusal ? [`${file.path}: ${file.refusal.message} ${file.refusal.hint ?? ''}`.trim()] : []),
    ...file.entries.flatMap((entry) => (entry.reason ? [`${entry.name}: ${entry.reason}`] : [])),
  ]);
  return {
    kind: plan.files.some((file) => file.refusal) ? 'problem' : 'info',
    title: words.nothing(names),
    body: bounded(reasons, text) || words.noServer,
  };
}

/** How a migration ended. */
export function routeOutcome(names: string, result: MigrationResult, text: ShellMessages): Notice {
  const words = text.routing.route;
  if (result.state === 'applied') {
    const tools = result.parity.reduce((sum, row) => sum + (row.toolsAfter ?? 0), 0);
    return {
      kind: 'info',
      title: words.done(names),
      body: bounded([words.checked(result.parity.length, tools), ...result.notes], text),
    };
  }
  return {
    kind: 'problem',
    title: result.state === 'failed' ? words.failed(names) : words.putBack(names),
    body: bounded(result.notes, text) || words.nothingChanged,
  };
}

/** What is asked before files are put back; null when a rollback would write nothing. */
export function rollBackQuestion(
  names: string,
  preview: RollbackResult,
  text: ShellMessages,
): Question | null {
  const words = text.routing.rollBack;
  const changes = preview.files.flatMap(({ path, result }) =>
    result === 'exact' || result === 'merged' ? [`${path}\n    ${words.how[result]}`] : [],
  );
  if (changes.length === 0) return null;
  return {
    message: words.question(names),
    detail: [bounded(changes, text), words.afterwards].join('\n\n'),
    buttons: [words.confirm, text.common.cancel],
  };
}

/** How a rollback ended, or why it would do nothing. */
export function rollBackOutcome(names: string, result: RollbackResult, text: ShellMessages): Notice {
  const words = text.routing.rollBack;
  const conflicts = result.files.filter((file) => file.result === 'conflict');
  if (conflicts.length > 0) {
    return {
      kind: 'problem',
      title: words.conflicts(conflicts.length, names),
      body: bounded(
        conflicts.map((file) => `${file.path}: ${file.message ?? words.conflict}`),
        text,
      ),
    };
  }
  const done = result.files.filter((file) => file.result !== 'unchanged').length;
  return {
    kind: 'info',
    title: done > 0 ? words.done(names) : words.nothing(names),
    body: done > 0 ? words.doneBody(done) : words.nothingBody,
  };
}

/** A failed call, with what to do about it. */
export const failure = (title: string, error: ErrorInfo): Notice => ({
  kind: 'problem',
  title,
  body: [error.message, error.hint].filter(Boolean).join('\n\n'),
});
