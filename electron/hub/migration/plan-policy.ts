import type { ErrorInfo } from '../../../shared/model/error.ts';
import type { FoundSurroundings } from '../clients/read-surroundings.ts';
import {
  blockingRule,
  readPolicy,
  type PolicedServer,
  type ReadRule,
  type ServerPolicy,
} from '../clients/server-policy.ts';
import type { Platform } from '../data-folder.ts';
import type { Entry } from './entry.ts';
import { expandVariables } from './expand-variables.ts';
import type { LoadedConfig } from './load-configs.ts';
import type { ShimCommand } from './migration-service.ts';
import type { Move } from './move.ts';
import { gatewayEntry } from './new-entries.ts';
import type { Stay } from './stay-reason.ts';

/** Judges entries by the policies of one client, as they are and as they would be. */
export interface PolicyJudge {
  /** Why an entry is not loaded today. To move it could let it slip past the rule, so it stays. */
  blockedNow(entry: Entry): Stay | null;
  /** Why a file must not be written: one of its entries would no longer be loaded. */
  refusal(moves: readonly Move[]): ErrorInfo | null;
}

export function createPolicyJudge(
  { adapter, file }: Pick<LoadedConfig, 'adapter' | 'file'>,
  { settings, exclusive }: FoundSurroundings,
  { platform, shim }: { platform: Platform; shim: ShimCommand },
): PolicyJudge {
  const known = new Map<string | undefined, ServerPolicy>();
  const policyFor = (project: string | undefined): ServerPolicy => {
    let policy = known.get(project);
    if (!policy) known.set(project, (policy = readPolicy(settings, project)));
    return policy;
  };
  const expand = (text: string): string =>
    adapter.expandsVariables ? expandVariables(text, platform.env) : text;
  const ruleAgainst = (project: string | undefined, server: PolicedServer): ReadRule | null =>
    blockingRule(policyFor(project), server, expand);

  return {
    blockedNow({ name, table, stdio, remote }) {
      const server = {
        name,
        ...(stdio && { command: [stdio.command, ...stdio.args] }),
        ...(remote && { url: remote.url }),
      };
      const rule = ruleAgainst(table.project, server);
      return rule && { code: 'MANAGED_POLICY', message: `is not loaded at all: ${inWords(rule)}` };
    },
    refusal(moves) {
      if (moves.length === 0) return null;
      if (exclusive) {
        return {
          code: 'MANAGED_POLICY',
          message: `${exclusive.path} holds the only servers that ${adapter.name} loads here, so its other entries have no effect.`,
          hint: 'Ask whoever looks after this machine.',
          path: exclusive.path,
        };
      }
      for (const move of moves) {
        if (move.way === 'merged') continue;
        const rule = ruleAgainst(move.table.project, policed(move, file.client, shim));
        if (!rule) continue;
        return {
          code: 'MANAGED_POLICY',
          message: `${adapter.name} would no longer load ${JSON.stringify(move.name)}: ${inWords(rule)}`,
          hint: rule.managed
            ? 'Ask whoever looks after this machine to allow it too.'
            : 'Change that rule, or leave this client as it is.',
          path: rule.path,
        };
      }
      return null;
    },
  };
}

function inWords({ effect, by, text, path }: ReadRule): string {
  if (by === 'nothing') return `${path} has an allow list that allows nothing.`;
  return effect === 'deny'
    ? `the rule ${text} in ${path} denies it.`
    : `the allow list with ${text} in ${path} does not name it.`;
}

/** What a policy sees of an entry that was moved. */
function policed(
  move: Exclude<Move, { way: 'merged' }>,
  client: LoadedConfig['file']['client'],
  shim: ShimCommand,
): PolicedServer {
  const { name, server } = move;
  if (move.way === 'http') return { name, url: move.endpoint.url };
  if (move.way === 'gateway') {
    const {
      command,
      args = [],
      url,
    } = gatewayEntry(move, client, shim) as {
      command?: string;
      args?: string[];
      url?: string;
    };
    return {
      name,
      ...(command !== undefined && { command: [command, ...args] }),
      ...(url !== undefined && { url }),
    };
  }
  const route = [shim.command, ...shim.args, '--client', client, '--server', server];
  return {
    name,
    command:
      move.way === 'remote'
        ? [...route, '--remote', move.original.type ?? 'none']
        : [...route, '--', move.original.command, ...move.original.args],
  };
}
