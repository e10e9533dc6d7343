import { visibleText } from '../logging/visible-text.ts';
import type { Entry } from '../migration/entry.ts';
import { isSecretName } from '../migration/secrets.ts';
import { redactText } from '../traffic/redaction-patterns.ts';

/** As much as a person will ever read; a config has room for megabytes. */
const MAX_SHOWN = 16_000;
const MASK = '••••••';

/**
 * Everything an entry starts, or the address it leads to, on one line: nothing of a stranger's command may hide behind
 * control characters or be left out (E40). Covered are values that a flag or their form names as secrets; text that is
 * merely random stays, as it may be the program.
 */
export function shownCommand({ stdio, remote, transport }: Entry): string | undefined {
  const words = transport === 'stdio' && stdio ? [stdio.command, ...coveredArguments(stdio.args)] : null;
  const text = words ? words.map(quoted).join(' ') : remote && redactText(remote.url).text;
  if (text === undefined) return undefined;
  const shown = visibleText(text).replaceAll(/[\r\n\t]/g, (character) =>
    JSON.stringify(character).slice(1, -1),
  );
  const more = shown.length - MAX_SHOWN;
  return more > 0 ? `${shown.slice(0, MAX_SHOWN)}… (${more} more characters)` : shown;
}

function coveredArguments(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const assigned = /^(-{1,2}[^=\s]+=)/.exec(arg);
    if (assigned && isSecretName(assigned[1]!)) return assigned[1] + MASK;
    const flag = args[index - 1] ?? '';
    const isValue = /^-{1,2}[A-Za-z][^=]*$/.test(flag) && !arg.startsWith('-');
    return isValue && isSecretName(flag.replace(/^-+/, '')) ? MASK : redactText(arg).text;
  });
}

const quoted = (word: string): string => (/^[^\s"']+$/.test(word) ? word : JSON.stringify(word));
