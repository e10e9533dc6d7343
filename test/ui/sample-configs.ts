import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startRawClient, type RawClient } from '../support/raw-client.ts';
import { referenceServer } from '../support/reference-servers.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';

/** Config files of a person who uses both clients, over real servers. */
export interface SampleConfigs {
  claudeCode: string;
  claudeDesktop: string;
}

const entry = ([command, ...args]: string[], env: Record<string, string> = {}) => ({
  type: 'stdio',
  command,
  args,
  env,
});

/** Writes the files as the clients themselves would leave them, unknown keys and odd spacing included. */
export function writeSampleConfigs(home: TemporaryHome): SampleConfigs {
  const files: SampleConfigs = {
    claudeCode: path.join(home.home, '.claude.json'),
    claudeDesktop: path.join(home.home, '.config', 'Claude', 'claude_desktop_config.json'),
  };
  const code = {
    numStartups: 42,
    tipsHistory: { 'new-user-warmup': 3 },
    mcpServers: {
      everything: entry(referenceServer('everything')),
      filesystem: entry(referenceServer('filesystem', home.project)),
      linear: { type: 'http', url: 'https://mcp.linear.app/mcp' },
    },
    projects: {
      [home.project]: {
        allowedTools: [],
        mcpServers: {
          memory: entry(referenceServer('memory'), {
            MEMORY_FILE_PATH: path.join(home.project, 'memory.jsonl'),
          }),
        },
      },
    },
    userID: '12345678901234567890',
  };
  writeFileSync(files.claudeCode, `${JSON.stringify(code, null, 2)}\n`, { mode: 0o600 });

  const [command, ...args] = referenceServer('memory');
  const graph = JSON.stringify(path.join(home.root, 'desktop.jsonl'));
  mkdirSync(path.dirname(files.claudeDesktop), { recursive: true });
  writeFileSync(
    files.claudeDesktop,
    [
      '{',
      '\t"globalShortcut" : "Ctrl+Space",',
      '\t"mcpServers": {',
      `\t\t"memory": { "command": "${command}", "args": ${JSON.stringify(args)},`,
      `\t\t\t"env": { "MEMORY_FILE_PATH": ${graph} } }`,
      '\t},',
      '\t"preferences": { "sidebarMode": "chat", "big": 12345678901234567890 }',
      '}',
    ].join('\r\n'),
    { mode: 0o600 },
  );
  return files;
}

/** SHA-256 of a file's bytes, in hex. */
export const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Starts a user-scope entry of Claude Code as it stands in the file now, the way the client does. */
export function startEntry(home: TemporaryHome, file: string, name: string): RawClient {
  const config = JSON.parse(readFileSync(file, 'utf8')) as {
    mcpServers: Record<string, { command: string; args: string[]; env?: Record<string, string> }>;
  };
  const { command, args, env } = config.mcpServers[name]!;
  return startRawClient({ command, args, cwd: home.project, env: { ...home.env, ...env } });
}
