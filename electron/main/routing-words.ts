import type { ClientId, ClientView } from '../../shared/model/client.ts';
import type { ErrorInfo } from '../../shared/model/error.ts';
import type { MigrationResult, Plan, PlanFile, RollbackResult } from '../../shared/model/migration.ts';

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

const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** Names of clients as a person would say them. */
export function namesOf(ids: readonly ClientId[], clients: readonly ClientView[] | null): string {
  const names = ids.map((id) => clients?.find((client) => client.id === id)?.name ?? id);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? 'Clients');
}

const moves = (file: PlanFile): number => file.entries.filter((entry) => entry.action === 'move').length;

/** The files a plan would write. */
export const filesToWrite = (plan: Plan): PlanFile[] =>
  plan.files.filter((file) => file.refusal === undefined && moves(file) > 0);

/** The first lines, and how many more there are. */
export function bounded(lines: string[]): string {
  const rest = lines.length - MAX_LINES;
  return [...lines.slice(0, MAX_LINES), ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n');
}

/** How much a diff changes. */
export function changedLines(diff: string): string {
  const lines = diff.split('\n');
  const added = lines.filter((line) => line.startsWith('+') && !line.startsWith('+++')).length;
  const removed = lines.filter((line) => line.startsWith('-') && !line.startsWith('---')).length;
  return `+${added} −${removed} lines`;
}

/** What is asked before the first file is written. */
export function routeQuestion(names: string, plan: Plan): Question {
  const files = filesToWrite(plan);
  const servers = files.reduce((sum, file) => sum + moves(file), 0);
  const warnings = [
    ...new Set(plan.files.flatMap((file) => file.warnings.map((warning) => warning.message))),
  ];
  const refused = plan.files.filter((file) => file.refusal);
  return {
    message: `Route ${plural(servers, 'server')} of ${names} through Patchbay?`,
    detail: [
      bounded(
        files.map((file) => `${file.path}\n    ${changedLines(file.diff)}, ${plural(moves(file), 'server')}`),
      ),
      ...(warnings.length > 0 ? [bounded(warnings.map((warning) => `• ${warning}`))] : []),
      ...(refused.length > 0
        ? [bounded(refused.map((file) => `Left alone: ${file.path}. ${file.refusal!.message}`))]
        : []),
      'Every file is backed up first and can be put back byte for byte.',
    ].join('\n\n'),
    buttons: [`Route ${plural(servers, 'Server')}`, 'Review the Changes…', 'Cancel'],
  };
}

/** Why a plan would write nothing. */
export function nothingToRoute(names: string, plan: Plan): Notice {
  const reasons = plan.files.flatMap((file) => [
    ...(file.refusal ? [`${file.path}: ${file.refusal.message} ${file.refusal.hint ?? ''}`.trim()] : []),
    ...file.entries.flatMap((entry) => (entry.reason ? [`${entry.name}: ${entry.reason}`] : [])),
  ]);
  return {
    kind: plan.files.some((file) => file.refusal) ? 'problem' : 'info',
    title: `Nothing of ${names} can be routed now`,
    body: bounded(reasons) || 'No server was found that could be routed.',
  };
}

/** How a migration ended. */
export function routeOutcome(names: string, result: MigrationResult): Notice {
  if (result.state === 'applied') {
    const tools = result.parity.reduce((sum, row) => sum + (row.toolsAfter ?? 0), 0);
    return {
      kind: 'info',
      title: `${names} now runs through Patchbay`,
      body: bounded([
        `${plural(result.parity.length, 'server')} checked, ${plural(tools, 'tool')}, the same as before.`,
        ...result.notes,
      ]),
    };
  }
  return {
    kind: 'problem',
    title: result.state === 'failed' ? `${names} could not be routed` : `${names} was put back as it was`,
    body: bounded(result.notes) || 'Nothing was left changed.',
  };
}

/** What is asked before files are put back; null when a rollback would write nothing. */
export function rollBackQuestion(names: string, preview: RollbackResult): Question | null {
  const files = preview.files.filter((file) => file.result === 'exact' || file.result === 'merged');
  if (files.length === 0) return null;
  const how = { exact: 'exactly as before', merged: 'our entries out, your later edits kept' };
  return {
    message: `Put back the configuration of ${names}?`,
    detail: [
      bounded(files.map((file) => `${file.path}\n    ${how[file.result as 'exact' | 'merged']}`)),
      'The servers then run as they did before Patchbay.',
    ].join('\n\n'),
    buttons: ['Roll Back', 'Cancel'],
  };
}

/** How a rollback ended, or why it would do nothing. */
export function rollBackOutcome(names: string, result: RollbackResult): Notice {
  const conflicts = result.files.filter((file) => file.result === 'conflict');
  if (conflicts.length > 0) {
    return {
      kind: 'problem',
      title: `${plural(conflicts.length, 'file')} of ${names} could not be put back`,
      body: bounded(conflicts.map((file) => `${file.path}: ${file.message ?? 'It was changed since.'}`)),
    };
  }
  const done = result.files.filter((file) => file.result !== 'unchanged').length;
  return {
    kind: 'info',
    title: done > 0 ? `${names} is back as it was` : `Nothing to put back for ${names}`,
    body: done > 0 ? `${plural(done, 'file')} put back.` : 'No file holds anything of ours.',
  };
}

/** A failed call, with what to do about it. */
export const failure = (title: string, error: ErrorInfo): Notice => ({
  kind: 'problem',
  title,
  body: [error.message, error.hint].filter(Boolean).join('\n\n'),
});
