import type { ReferenceServers } from './reference-servers.ts';

export interface SampleFolders {
  project: string;
  /** File of the memory server: both clients name it, so what one notes the other reads. */
  notes: string;
}

/** `~/.claude.json` as Claude Code writes it: two spaces, its own keys all around, no final newline. */
export function claudeCodeSample(servers: ReferenceServers, { project, notes }: SampleFolders): string {
  return JSON.stringify(
    {
      numStartups: 41,
      theme: 'light-daltonized',
      tipsHistory: { 'shift-enter': 12, 'memory-command': 38 },
      mcpServers: {
        everything: { type: 'stdio', command: 'node', args: [servers.everything], env: {} },
        memory: {
          type: 'stdio',
          command: 'node',
          args: [servers.memory],
          env: { MEMORY_FILE_PATH: notes },
        },
      },
      projects: {
        [project]: {
          allowedTools: ['mcp__filesystem__read_text_file'],
          hasTrustDialogAccepted: true,
          mcpServers: {
            filesystem: { type: 'stdio', command: 'node', args: [servers.filesystem, project], env: {} },
          },
        },
      },
    },
    null,
    2,
  );
}

/** Claude Desktop's file after a person has been at it: tabs, their own spacing and order, a number JSON bends. */
export function claudeDesktopSample(servers: ReferenceServers, { project, notes }: SampleFolders): string {
  const text = JSON.stringify;
  return `{
\t"globalShortcut": "Ctrl+Alt+Space",
\t"mcpServers": {
\t\t"memory":     { "command": "node", "args": [${text(servers.memory)}],
\t\t                "env": { "MEMORY_FILE_PATH": ${text(notes)} } },

\t\t"filesystem": { "command": "node", "args": [${text(servers.filesystem)}, ${text(project)}] }
\t},
\t"preferences": { "sidebarMode": "chat", "keepAwakeEnabled": false, "lastSeen": 12345678901234567890 }
}
`;
}
