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
  changes: {
    title: 'Changed tools',
    lead: (count: number): string =>
      plural(count, {
        one: '# tool is not as it was when it was first seen or last accepted.',
        other: '# tools are not as they were when they were first seen or last accepted.',
      }),
    held: 'What has changed or is new is kept from clients until you accept it.',
    passed: 'Clients get what the server says now. Settings: hold tools that have changed.',
    explain:
      'A description is read by the model as an instruction. A server that changes it later may make a client do what nobody agreed to.',
    kinds: { changed: 'changed', added: 'new', removed: 'gone' },
    parts: (names: string): string => `in ${names}`,
    since: (time: string): string => `seen first ${time}`,
    isBack: 'as accepted again since',
    noDiff: 'The definition was too long to be kept: only that it differs is known.',
    diffOf: (tool: string): string => `What has changed of ${tool}`,
    accept: (count: number): string =>
      plural(count, { one: 'Accept the change', other: 'Accept all # changes' }),
    more: (count: number): string => plural(count, { one: '# more change', other: '# more changes' }),
    badge: (count: number): string => plural(count, { one: '# changed tool', other: '# changed tools' }),
  },
  copy: (name: string): string => `Copy the definition of ${name}`,
} as const;
