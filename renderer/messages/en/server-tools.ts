import { formatCount, plural } from '../../lib/format.ts';

/** Texts of what a server offers. */
export const serverToolsMessages = {
  title: 'What it offers',
  asking: 'Asking the server…',
  askedAt: (time: string): string => `Asked at ${time}`,
  asked: {
    running: 'a running instance was asked',
    started: 'one was started for the question and has ended',
  },
  protocol: (version: string): string => `protocol ${version}`,
  again: 'Ask again',
  stale: 'This is what it offered before; it could not be asked again.',
  problem: 'Could not be had',
  leftOut: (count: number): string =>
    plural(count, {
      one: '# definition is left out: the answer was too large.',
      other: '# definitions are left out: the answer was too large.',
    }),
  filter: 'Filter by name or description',
  noMatch: 'Nothing matches the filter.',
  kinds: { tools: 'Tools', prompts: 'Prompts', resources: 'Resources', templates: 'Resource templates' },
  noTools: 'It offers no tools.',
  more: (count: number): string => `${formatCount(count)} more: filter to see them.`,
  hidden: 'hidden by your rules',
  shownAs: (name: string): string => `shown as ${name}`,
  hints: {
    readOnlyHint: 'read-only',
    destructiveHint: 'destructive',
    idempotentHint: 'idempotent',
    openWorldHint: 'open world',
  },
  hintsNote: 'What the server says of itself: a hint, no promise.',
  inputSchema: 'Input schema',
  definition: 'Whole definition',
  tooLong: 'The definition is too long to be shown.',
  copy: (name: string): string => `Copy the definition of ${name}`,
} as const;
