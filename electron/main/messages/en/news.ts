import { quantitiesIn } from '../../../../shared/language/quantities-in.ts';

const { duration, plural, share } = quantitiesIn('en');

/** Texts of the notifications. */
export const newsMessages = {
  serverFailed: (server: string): string => `${server} failed`,
  serverFailedBody: 'Its tools do not answer now. What it wrote last may say why.',
  unknownServer: (client: string): string => `${client} would start something unknown`,
  configChanged: (client: string): string => `The config of ${client} was changed`,
  slow: (subject: string, ms: number, limitMs: number): string =>
    `${subject}: 1 of 100 calls takes over ${duration(ms)} (limit ${duration(limitMs)}).`,
  failing: (subject: string, percent: number, limit: number): string =>
    `${subject}: ${share(percent / 100)} of the calls fail (limit ${share(limit / 100)}).`,
  down: (server: string): string => `${server} is down.`,
  toolsChanged: (server: string): string => `Tools of ${server} have changed`,
  toolsHeld: (tools: number): string =>
    `${plural(tools, { one: '# tool', other: '# tools' })} not as accepted. ` +
    'Clients do not get what has changed until you accept it.',
  toolsPassed: (tools: number): string =>
    `${plural(tools, { one: '# tool', other: '# tools' })} not as accepted. Clients get what it says now.`,
  several: (things: number): string =>
    plural(things, { one: '# thing to look at', other: '# things to look at' }),
};
