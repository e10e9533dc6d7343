import type { Isolation, ServerView } from '../../../shared/model/server.ts';
import type { SharingAdvice, SharingReason } from '../../../shared/model/sharing.ts';
import type { SharingEvidence } from './sharing-evidence.ts';

/** Fewer calls, or all from one session, and what was seen says little. */
const ENOUGH_CALLS = 20;
const MAX_SEEN = 10;

/** A running trial, as it was noted when it began. */
export interface Trial {
  before: Isolation;
  since: number;
}

export interface Judged {
  server: Pick<ServerView, 'name' | 'isolation' | 'instances'>;
  /** Conversations that are open now. */
  sessions: number;
  evidence: SharingEvidence;
  trial: Trial | null;
}

/** Whether what was seen speaks for sharing a server, and what that would save. Pure. */
export function judgeSharing({ server, sessions, evidence, trial }: Judged): SharingAdvice {
  const reasons = reasonsOf(server.instances, evidence);
  const verdict = verdictOf(server.isolation, reasons);
  const offer = verdict === 'good' ? 'shared' : verdict === 'possible' ? 'client' : null;
  const left = offer === null ? server.instances.length : processesLeft(server.instances, offer);
  const rss = server.instances.map(({ rssBytes }) => rssBytes);
  const known = rss.filter((bytes) => bytes !== null);
  const rssNow = known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0);
  return {
    server: server.name,
    isolation: server.isolation,
    verdict,
    reasons,
    offer,
    sessions,
    processesNow: server.instances.length,
    processesThen: left,
    rssNow,
    // Each process that goes takes about the average of them along.
    rssSaved: rssNow === null ? null : Math.round((rssNow / known.length) * (server.instances.length - left)),
    trial,
  };
}

function reasonsOf(instances: ServerView['instances'], evidence: SharingEvidence): SharingReason[] {
  const { calls, sessions, serverRequests, roots, subscribes, readsOnly, unlikeAnswers } = evidence;
  const folders = [...new Set(instances.map(({ cwd }) => cwd))].slice(0, MAX_SEEN);
  const reasons: (SharingReason | false)[] = [
    roots.length > 1 && { sign: 'against', code: 'roots', seen: roots },
    serverRequests.length > 0 && { sign: 'against', code: 'server-requests', seen: serverRequests },
    unlikeAnswers.length > 0 && { sign: 'against', code: 'session-state', seen: unlikeAnswers },
    subscribes && { sign: 'unknown', code: 'subscriptions', seen: [] },
    folders.length > 1 && { sign: 'unknown', code: 'cwd', seen: folders },
    (calls < ENOUGH_CALLS || sessions < 2) && { sign: 'unknown', code: 'few-calls', seen: [] },
    readsOnly === true && { sign: 'for', code: 'read-only', seen: [] },
  ];
  return reasons.filter((reason) => reason !== false);
}

function verdictOf(isolation: Isolation, reasons: readonly SharingReason[]): SharingAdvice['verdict'] {
  if (isolation !== 'session') return 'already';
  if (reasons.some(({ sign }) => sign === 'against')) return 'bad';
  return reasons.some(({ sign }) => sign === 'for') ? 'good' : 'possible';
}

/** Sessions that started in different folders keep processes of their own, whatever the isolation. */
function processesLeft(instances: ServerView['instances'], offer: Isolation): number {
  return new Set(
    instances.map(({ cwd, client }) => JSON.stringify(offer === 'client' ? [cwd, client] : [cwd])),
  ).size;
}
