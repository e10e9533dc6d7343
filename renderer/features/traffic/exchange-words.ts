import type { Exchange } from '../../../shared/model/exchange.ts';

/** The last part of a path, either slash: what a person calls the project. */
export const projectName = (path: string): string => /[^/\\]+(?=[/\\]*$)/.exec(path)?.[0] ?? path;

/** What an exchange is about: the tool where it names one, with the method of those that are no tool calls. */
export function subjectOf(exchange: Exchange): { main: string; rest: string | null } {
  if (exchange.tool === null) return { main: exchange.method, rest: null };
  return { main: exchange.tool, rest: exchange.method === 'tools/call' ? null : exchange.method };
}
