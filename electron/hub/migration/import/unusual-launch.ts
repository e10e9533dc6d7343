import path from 'node:path';
import { isLoopbackHost } from '../../../../shared/model/login-address.ts';
import type { ServerDefinition } from '../../../../shared/model/server.ts';
import { visibleText } from '../../logging/visible-text.ts';

/** A command line longer than any that a person has typed hides something. */
const MAX_COMMAND_LINE = 8_000;
const SHELLS = /^(sh|bash|zsh|dash|ksh|fish|csh|tcsh|cmd|powershell|pwsh|busybox)(\.exe)?$/i;
/** What Windows users must put before `npx` and its like, which are batch files there. */
const PLAIN_CMD = /^(npx|npm|pnpm|yarn|bunx|node|uvx|uv|python3?|py|docker|deno)(\.cmd|\.exe)?$/i;
const AS_ANOTHER = /^(sudo|doas|su|pkexec|runas|osascript|gsudo)(\.exe)?$/i;
const INTERPRETERS: Readonly<Record<string, RegExp>> = {
  node: /^(-e|--eval|-p|--print|-r|--require|--import)(=|$)/,
  bun: /^(-e|--eval|-r|--preload)(=|$)/,
  deno: /^(eval)$/,
  python: /^-c/,
  python3: /^-c/,
  perl: /^-[a-z]*e/i,
  ruby: /^-[a-z]*e/i,
  php: /^-r/,
};
/** Something fetched and run at once. */
const FETCH_AND_RUN =
  /\b(curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod)\b[^\n]*[|;&][^\n]*\b(sh|bash|zsh|iex|invoke-expression|python3?|node)\b/i;
/** Variables by which a program loads code, or sends its traffic, that its command line does not show (E15, E41). */
const LOADERS =
  /^(LD_(PRELOAD|LIBRARY_PATH|AUDIT)|DYLD_.*|NODE_(OPTIONS|PATH|TLS_REJECT_UNAUTHORIZED|EXTRA_CA_CERTS)|PATH|PATHEXT|COMSPEC|PYTHON(PATH|STARTUP|HOME)|PERL5(LIB|OPT)|RUBY(OPT|LIB)|BASH_ENV|ENV|PROMPT_COMMAND|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|GIT_(SSH|SSH_COMMAND|EXEC_PATH)|npm_config_.*|UV_(INDEX|DEFAULT_INDEX|INDEX_URL)|PIP_(INDEX_URL|EXTRA_INDEX_URL)|(ANTHROPIC|OPENAI)_BASE_URL|(HTTPS?|ALL)_PROXY)$/i;
const DOCKER_ESCAPES = /^(--privileged|--pid(=host)?|--cap-add(=.*)?|--device(=.*)?|--security-opt(=.*)?)$/;

/**
 * What a person should look at before this definition is started for the first time: in words, nothing when it is as
 * plain as most (E14, E15). Advice, not a defence: a plain line can be hostile too.
 */
export function unusualLaunch(definition: ServerDefinition): string[] {
  return definition.command === undefined ? unusualRemote(definition) : unusualCommand(definition);
}

function unusualCommand({ command = '', args = [], env = {}, cwd }: ServerDefinition): string[] {
  const words = [command, ...args];
  const line = words.join(' ');
  const program = path.posix.basename(command.replaceAll('\\', '/'));
  const reasons: string[] = [];
  if (SHELLS.test(program) && !isPlainCmd(program, args))
    reasons.push('It starts a shell with commands of its own.');
  if (words.some((word) => AS_ANOTHER.test(path.posix.basename(word.replaceAll('\\', '/')))))
    reasons.push('It runs as another user or drives other programs.');
  if (FETCH_AND_RUN.test(line)) reasons.push('It downloads something and runs it at once.');
  const evaluates = INTERPRETERS[program.replace(/\.exe$/i, '').toLowerCase()];
  if (evaluates && args.some((arg) => evaluates.test(arg)))
    reasons.push('It runs code that stands in the command line itself.');
  if (/^(docker|podman|nerdctl)(\.exe)?$/i.test(program) && leavesContainer(args))
    reasons.push('It gives its container power over this machine.');
  if (/[\\/]/.test(command) && !path.posix.isAbsolute(command) && !path.win32.isAbsolute(command))
    reasons.push('Its program depends on the folder it is started in.');
  if (/[\\/](tmp|temp|downloads)[\\/]/i.test(command))
    reasons.push('Its program lies in a folder for passing things.');
  if ([...words, ...Object.entries(env).flat(), cwd ?? ''].some((text) => visibleText(text) !== text))
    reasons.push('It holds characters that cannot be seen.');
  if (line.length > MAX_COMMAND_LINE || /\s{50}/.test(line))
    reasons.push('Its command line is longer than one can see.');
  const loaders = Object.keys(env).filter((name) => LOADERS.test(name));
  if (loaders.length > 0) reasons.push(`It sets ${loaders.join(', ')}, which can change what is run.`);
  return reasons;
}

function unusualRemote({ url = '', headers = {} }: ServerDefinition): string[] {
  const reasons: string[] = [];
  if ([url, ...Object.entries(headers).flat()].some((text) => visibleText(text) !== text))
    reasons.push('It holds characters that cannot be seen.');
  const target = URL.canParse(url) ? new URL(url) : null;
  if (!target || !/^https?:$/.test(target.protocol)) return [...reasons, 'Its URL is none of a web server.'];
  const isLocal = isLoopbackHost(target.hostname);
  if (target.protocol === 'http:' && !isLocal) reasons.push('Its URL is not encrypted.');
  if (target.username !== '' || target.password !== '') reasons.push('Its URL holds a password.');
  return reasons;
}

const isPlainCmd = (program: string, [flag = '', tool = '', ...rest]: readonly string[]): boolean =>
  /^cmd(\.exe)?$/i.test(program) &&
  /^\/c$/i.test(flag) &&
  PLAIN_CMD.test(tool) &&
  !/[&|<>^]/.test(rest.join(' '));

function leavesContainer(args: readonly string[]): boolean {
  const mounts = args.flatMap((arg, index) => {
    const inline = /^(?:-v|--volume=|--mount=)(.+)$/s.exec(arg)?.[1];
    return inline ?? (/^(-v|--volume|--mount)$/.test(args[index - 1] ?? '') ? arg : []);
  });
  return (
    args.some((arg) => DOCKER_ESCAPES.test(arg)) ||
    args.some(
      (arg, index) =>
        /^--(network|net)=host$/.test(arg) ||
        (arg === 'host' && /^--net(work)?$/.test(args[index - 1] ?? '')),
    ) ||
    mounts.some((mount) => /docker\.sock/.test(mount) || /^(\/:|.*\b(source|src)=\/(,|$))/.test(mount))
  );
}
