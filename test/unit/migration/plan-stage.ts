import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { claudeDesktop } from '../../../electron/hub/clients/claude-desktop.ts';
import { engineFixture, type EngineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

export const CODE = '/home/ada/.claude.json';
export const TOKEN = 'T'.repeat(43);

/** Entries of every kind, in two scopes. */
export const CONFIG = `{
  "numStartups": 7,
  "mcpServers": {
    "github": {
      "type": "stdio",
      "command": "npx",
      "args": ["-y", "gh"],
      "env": {"GITHUB_TOKEN": "ghp_0123456789abcdef", "LOG": "1"}
    },
    "notes": {"command": "notes"},
    "docs": {
      "type": "http",
      "url": "https://docs.example/mcp",
      "headers": {"Authorization": "Bearer s3cret-value", "X-Team": "a"}
    },
    "own": {"type": "sse", "url": "https://own.example/sse", "oauth": {"clientId": "x"}}
  },
  "projects": {
    "/p": {"mcpServers": {"local": {"command": "l", "env": {"API_KEY": "k-1"}}}}
  }
}
`;

export interface Stage extends EngineFixture {
  disk: MemoryFiles;
  config(): {
    mcpServers: Record<string, Record<string, unknown>>;
    projects: Record<string, { mcpServers: Record<string, Record<string, unknown>> }>;
  };
}

/** A home with that config and a hub that once ran; `files` are more of it. */
export function stage(files: Readonly<Record<string, string>> = {}): Stage {
  const disk = new MemoryFiles();
  disk.put(CODE, CONFIG);
  disk.put('/data/token', `${TOKEN}\n`);
  for (const [path, text] of Object.entries(files)) disk.put(path, text);
  const fixture = engineFixture({ files: disk, adapters: [claudeDesktop, claudeCode] });
  return { ...fixture, disk, config: () => JSON.parse(disk.text(CODE)!) as ReturnType<Stage['config']> };
}
