import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { findMember, findPath, stringAt } from '../../frames/find-member.ts';
import type { ServerLink } from './server-link.ts';

/** Tasks and elicitations of one conversation that are remembered, the oldest forgotten first. */
const MAX_KNOWN = 1_000;

/** Whose a task is: where servers are shared, one client's tasks are no business of another's. */
export class TaskIndex {
  readonly #tasks = new Map<string, ServerLink>();
  readonly #elicitations = new Map<string, ServerLink>();

  /** The server whose task it is; null for one that this conversation has not started. */
  ownerOf(taskId: string): ServerLink | null {
    return this.#tasks.get(taskId) ?? null;
  }

  /** Looks for a new task in a result of either era; true when there is one. */
  note(link: ServerLink, frame: Buffer, { ranges }: Envelope): boolean {
    if (frame[ranges.result] !== 0x7b) return false;
    const found =
      findPath(frame, ranges.result, ['task', 'taskId']) ?? findMember(frame, ranges.result, 'taskId');
    const id = found && stringAt(frame, found);
    // The first to name an id has it: another server that names it too could only be guessing.
    if (id === null || this.#tasks.has(id)) return false;
    remember(this.#tasks, id, link);
    return true;
  }

  /** A question that is answered elsewhere and told of by its id. */
  noteElicitation(link: ServerLink, frame: Buffer, { ranges }: Envelope): void {
    if (ranges.params === 0) return;
    const found = findMember(frame, ranges.params, 'elicitationId');
    const id = found && stringAt(frame, found);
    if (id !== null) remember(this.#elicitations, id, link);
  }

  /** Whether a notification of a server may be shown to this client. */
  isFor(link: ServerLink, frame: Buffer, { method, ranges }: Envelope): boolean {
    if (link.upstream?.isPrivate || ranges.params === 0) return true;
    const known = OWNED.get(method!);
    if (!known) return true;
    const found = findMember(frame, ranges.params, known);
    const id = found && stringAt(frame, found);
    return id !== null && (known === 'taskId' ? this.#tasks : this.#elicitations).get(id) === link;
  }
}

/** Notifications about one client's own, and the member that says whose. */
const OWNED: ReadonlyMap<string, 'taskId' | 'elicitationId'> = new Map([
  ['notifications/tasks/status', 'taskId'],
  ['notifications/tasks', 'taskId'],
  ['notifications/elicitation/complete', 'elicitationId'],
]);

function remember(map: Map<string, ServerLink>, id: string, link: ServerLink): void {
  map.set(id, link);
  if (map.size > MAX_KNOWN) map.delete(map.keys().next().value!);
}
