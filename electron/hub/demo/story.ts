import path from 'node:path';
import type { DemoCall, DemoSession } from './client-calls.ts';
import type { DemoHome } from './demo-home.ts';

/** What the two clients do: Claude Code takes a note, Claude Desktop, another program, finds it. */
export function storyCalls({ project }: DemoHome): { session: DemoSession; calls: DemoCall[] }[] {
  const readme = path.join(project, 'README.md');
  return [
    {
      session: { client: 'claude-code', server: 'everything', project },
      calls: [
        { tool: 'echo', input: { message: 'Hello through the hub' } },
        // Seconds. Long enough to have something in its waterfall.
        { tool: 'trigger-long-running-operation', input: { duration: 1.2, steps: 4 } },
      ],
    },
    {
      session: { client: 'claude-code', server: 'filesystem', project },
      calls: [
        { tool: 'list_directory', input: { path: project } },
        { tool: 'read_text_file', input: { path: readme } },
      ],
    },
    {
      session: { client: 'claude-code', server: 'memory', project },
      calls: [
        {
          tool: 'create_entities',
          input: {
            entities: [{ name: 'Lighthouse', entityType: 'project', observations: ['keeps ships off'] }],
          },
        },
      ],
    },
    {
      session: { client: 'claude-desktop', server: 'memory' },
      calls: [{ tool: 'search_nodes', input: { query: 'Lighthouse' } }],
    },
    {
      session: { client: 'claude-desktop', server: 'filesystem' },
      calls: [{ tool: 'get_file_info', input: { path: readme } }],
    },
  ];
}
