import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { referenceServer } from '../support/reference-servers.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { type SampleConfigs, writeSampleConfigs } from './sample-configs.ts';

export const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';

/**
 * The sample configs with all that a plan has to say something about: rules, a hook and a sub-agent that name servers,
 * a secret in clear, a remote server with a key, and a project's shared file with an approved server.
 */
export function writeRichConfigs(home: TemporaryHome): SampleConfigs & { shared: string; settings: string } {
  const configs = writeSampleConfigs(home);
  const shared = path.join(home.project, '.mcp.json');
  const settings = path.join(home.home, '.claude', 'settings.json');
  const [command, ...args] = referenceServer('everything');

  const code = JSON.parse(readFileSync(configs.claudeCode, 'utf8')) as {
    mcpServers: Record<string, object>;
    projects: Record<string, object>;
  };
  code.mcpServers.everything = { type: 'stdio', command, args, env: { GITHUB_TOKEN: SECRET } };
  code.mcpServers.search = {
    type: 'http',
    url: 'http://127.0.0.1:9/mcp',
    headers: { 'X-Api-Key': SECRET },
  };
  code.projects[home.project] = {
    ...code.projects[home.project],
    enabledMcpjsonServers: ['team-notes'],
    hasTrustDialogAccepted: true,
  };
  writeFileSync(configs.claudeCode, `${JSON.stringify(code, null, 2)}\n`);

  writeFileSync(shared, `${JSON.stringify({ mcpServers: { 'team-notes': { command, args } } }, null, 2)}\n`);
  mkdirSync(path.join(path.dirname(settings), 'agents'), { recursive: true });
  writeFileSync(
    settings,
    `${JSON.stringify(
      {
        permissions: {
          allow: ['mcp__everything__echo', 'mcp__filesystem', 'Bash(ls:*)'],
          deny: ['mcp__filesystem__write_file'],
        },
        hooks: {
          PreToolUse: [{ matcher: 'mcp__everything__.*', hooks: [{ type: 'command', command: 'true' }] }],
        },
      },
      null,
      2,
    )}\n`,
  );
  writeFileSync(
    path.join(path.dirname(settings), 'agents', 'reviewer.md'),
    '---\nname: reviewer\ndescription: Reads code.\ntools: Read, mcp__filesystem__read_text_file\n---\nYou review.\n',
  );
  return { ...configs, shared, settings };
}
