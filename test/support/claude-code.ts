import { runProgram, type Finished } from './cli.ts';
import { installClaudeCode } from './install-claude-code.ts';
import type { ToolResult } from './model-script.ts';
import type { ScriptedModel } from './scripted-model.ts';
import type { TemporaryHome } from './temporary-home.ts';

export interface AddServer {
  scope: 'user' | 'local';
  name: string;
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** The real Claude Code at work in one temporary home, in its project folder. */
export interface ClaudeCode {
  /** `claude mcp add`. */
  add(server: AddServer): Promise<void>;
  /** `claude mcp list`: its own health check, as `name → text after the dash` ("✔ Connected"). */
  list(): Promise<Record<string, string>>;
  /**
   * `claude -p` with a script (see model-script.ts) as the prompt; gives what the tools answered. All tools of the
   * named servers are allowed.
   */
  runScript(
    model: ScriptedModel,
    servers: readonly string[],
    script: readonly string[],
  ): Promise<ToolResult[]>;
}

/** `extraEnv` is how a person would set CLAUDE_CONFIG_DIR. */
export async function claudeCode(
  home: TemporaryHome,
  extraEnv: Readonly<Record<string, string>> = {},
): Promise<ClaudeCode> {
  const program = await installClaudeCode();

  async function claude(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
    const finished = await runProgram(program, args, {
      cwd: home.project,
      env: { ...home.env, ...extraEnv, ...env },
      timeoutMs: 90_000,
    });
    if (finished.code === 0) return finished;
    throw new Error(`claude ${args[0]} exited with ${finished.code}:\n${finished.stdout}${finished.stderr}`);
  }

  return {
    async add({ scope, name, command, env = {} }) {
      const variables = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
      await claude(['mcp', 'add', '-s', scope, name, ...variables, '--', ...command]);
    },

    async list() {
      const { stdout } = await claude(['mcp', 'list']);
      // Exit code 0 says nothing: it is 0 also when every server failed.
      const states = stdout.split('\n').flatMap((line) => {
        const match = /^([^:]+): .* - (.+)$/.exec(line);
        return match ? [[match[1]!, match[2]!] as const] : [];
      });
      return Object.fromEntries(states);
    },

    async runScript(model, servers, script) {
      const allowed = servers.map((server) => `mcp__${server}`).join(',');
      const { stdout } = await claude(
        ['-p', script.join('\n'), '--output-format', 'json', '--allowedTools', allowed],
        { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'sk-ant-not-a-real-key' },
      );
      const { result } = JSON.parse(stdout) as { result: string };
      if (!result.startsWith('FINAL ')) throw new Error(`The script did not run to its end: ${result}`);
      return JSON.parse(result.slice('FINAL '.length)) as ToolResult[];
    },
  };
}
