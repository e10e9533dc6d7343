import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerView } from '../../../shared/model/server.ts';
import type { SessionView } from '../../../shared/model/session.ts';
import type { SharingAdvice } from '../../../shared/model/sharing.ts';
import type { ServerService } from '../servers/server-service.ts';
import type { TrafficService } from '../traffic/traffic-service.ts';
import { judgeSharing } from './judge-sharing.ts';
import type { SharingAdviser } from './sharing-adviser.ts';
import { gatherEvidence, type SharingEvidence } from './sharing-evidence.ts';
import type { TrialsFile } from './trials-file.ts';

/** The log changes slowly; reading a hundred bodies of it for each look of a window would not be worth it. */
const EVIDENCE_LASTS_MS = 60_000;

export interface SharingAdviserDeps {
  servers: Pick<ServerService, 'list' | 'change'>;
  traffic: Pick<TrafficService, 'list' | 'get'>;
  sessions(): readonly SessionView[];
  trials: TrialsFile;
  changed(): void;
  now?: () => number;
}

export function createSharingAdviser(deps: SharingAdviserDeps): SharingAdviser {
  const { servers, traffic, sessions, trials, changed, now = Date.now } = deps;
  const gathered = new Map<string, { at: number; evidence: Promise<SharingEvidence> }>();

  const evidenceOf = (server: string): Promise<SharingEvidence> => {
    const known = gathered.get(server);
    if (known && now() - known.at < EVIDENCE_LASTS_MS) return known.evidence;
    const evidence = gatherEvidence(traffic, server);
    gathered.set(server, { at: now(), evidence });
    // A failed look must not be remembered as one.
    evidence.catch(() => gathered.delete(server));
    return evidence;
  };
  const adviseOn = async (server: ServerView): Promise<SharingAdvice> =>
    judgeSharing({
      server,
      sessions: sessions().filter((session) => session.server === server.name).length,
      evidence: await evidenceOf(server.name),
      trial: trials.get(server.name),
    });
  const find = (name: string): ServerView => {
    const server = servers.list().find((candidate) => candidate.name === name);
    if (server) return server;
    throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${JSON.stringify(name)} in the catalog.`);
  };
  const needTrial = (name: string) => {
    const trial = trials.get(name);
    if (trial) return trial;
    throw new PatchbayError('NOT_FOUND', `Sharing ${JSON.stringify(name)} is not being tried.`);
  };

  return {
    async advice() {
      const advice: SharingAdvice[] = [];
      // A remote server has no processes to save. One after the other: the store answers one question at a time.
      for (const server of servers.list())
        if (server.transport === 'stdio' && server.enabled) advice.push(await adviseOn(server));
      return advice;
    },
    async try(name) {
      const server = find(name);
      const { offer } = await adviseOn(server);
      if (offer === null)
        throw new PatchbayError('INPUT_INVALID', `Nothing speaks for sharing ${JSON.stringify(name)}.`, {
          hint: `What was seen of it: patchbay sharing. To share it all the same: patchbay servers set ${name} isolation=shared`,
        });
      // Noted first: a crash in between leaves a trial that changes nothing, never a change that nobody can take back.
      await trials.set(name, { before: server.isolation, since: now() });
      await servers.change(name, { isolation: offer });
      changed();
    },
    async takeBack(name) {
      const { before } = needTrial(name);
      // What it was before was our default, unless somebody had written it.
      await servers.change(name, { isolation: before === 'session' ? null : before });
      await trials.set(name, null);
      changed();
    },
    async keep(name) {
      needTrial(name);
      await trials.set(name, null);
      changed();
    },
  };
}
