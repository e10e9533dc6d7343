import type { ClientView } from '../../../shared/model/client.ts';

/** The entries of a client by what the wizard would do with them. */
export interface Tally {
  toRoute: number;
  routed: number;
  left: number;
}

/** Counts over the files the client reads; a file of a repository is offered as an option, not by itself. */
export function tallyOf(client: ClientView): Tally {
  const entries = client.configs
    .filter(({ scope, live }) => scope !== 'project' && live !== false)
    .flatMap((config) => config.entries);
  return {
    toRoute: entries.filter((entry) => entry.transport === 'stdio' && !entry.routed).length,
    routed: entries.filter((entry) => entry.routed).length,
    left: entries.filter((entry) => entry.transport !== 'stdio' && !entry.routed).length,
  };
}
