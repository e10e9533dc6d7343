import { quantitiesIn } from '../../../../shared/language/quantities-in.ts';

const { count, plural } = quantitiesIn('en');

const servers = (number: number): string => plural(number, { one: '# server', other: '# servers' });
const files = (number: number): string => plural(number, { one: '# file', other: '# files' });

/** Texts about switching clients to the hub and back, and about repairing their entries. */
export const routingMessages = {
  clients: 'Clients',
  allClients: 'all clients',
  review: 'Review the Changes…',
  changedLines: (added: number, removed: number): string => `+${count(added)} −${count(removed)} lines`,
  fileChange: (lines: string, number: number): string => `${lines}, ${servers(number)}`,
  leftAlone: (path: string, why: string): string => `Left alone: ${path}. ${why}`,
  route: {
    question: (number: number, names: string): string =>
      `Route ${servers(number)} of ${names} through Patchbay?`,
    backup: 'Every file is backed up first and can be put back byte for byte.',
    confirm: (number: number): string => plural(number, { one: 'Route # Server', other: 'Route # Servers' }),
    failed: (names: string): string => `${names} could not be routed`,
    nothing: (names: string): string => `Nothing of ${names} can be routed now`,
    noServer: 'No server was found that could be routed.',
    done: (names: string): string => `${names} now runs through Patchbay`,
    checked: (number: number, tools: number): string =>
      `${servers(number)} checked, ${plural(tools, { one: '# tool', other: '# tools' })}, the same as before.`,
    putBack: (names: string): string => `${names} was put back as it was`,
    nothingChanged: 'Nothing was left changed.',
    interrupted: 'The hub ended before the migration did; it finishes or undoes it at its next start.',
  },
  rollBack: {
    question: (names: string): string => `Put back the configuration of ${names}?`,
    how: { exact: 'exactly as before', merged: 'our entries out, your later edits kept' },
    afterwards: 'The servers then run as they did before Patchbay.',
    confirm: 'Roll Back',
    failed: (names: string): string => `The configuration of ${names} could not be put back`,
    conflicts: (number: number, names: string): string =>
      `${files(number)} of ${names} could not be put back`,
    conflict: 'It was changed since.',
    done: (names: string): string => `The configuration of ${names} is as it was`,
    doneBody: (number: number): string => `${files(number)} put back.`,
    nothing: (names: string): string => `Nothing to put back for ${names}`,
    nothingBody: 'No file holds anything of ours.',
  },
  repair: {
    question: (names: string): string => `Was Patchbay moved? ${names} cannot start its servers.`,
    explain: 'Its entries start a program that is not there any more. They can start this one instead:',
    kept: 'The version of each file before is kept.',
    confirm: 'Repair',
    failed: 'Entries could not be repaired',
    notAll: (names: string): string => `Not every entry of ${names} could be repaired`,
    done: (names: string): string => `${names} can start its servers again`,
    doneBody: 'A session that runs takes them in when it is started again.',
  },
};
