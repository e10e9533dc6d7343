import { counted } from '../../../shared/language/counted.ts';
import type { SharingAdvice, SharingReason } from '../../../shared/model/sharing.ts';
import { usage } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';

const VERBS = ['try', 'take-back', 'keep'] as const;

/** What sharing would save; a trial of it, taken back or kept. Everything needs the running hub, which has seen the sessions. */
export async function sharing(context: Context): Promise<number> {
  const [word, server, ...rest] = context.line.words;
  const verb = VERBS.find((known) => known === word);
  if (word !== undefined && !verb) throw usage(`sharing does not know ${JSON.stringify(word)}.`);
  if (verb && server === undefined) throw usage('Which server? Give its name.');
  if (rest.length > 0) throw usage(`sharing ${word} takes no ${JSON.stringify(rest[0])}.`);
  await withHub(context, async ({ api }) => {
    if (verb === 'try') await api.sharing.try({ server: server! });
    if (verb === 'take-back') await api.sharing.takeBack({ server: server! });
    if (verb === 'keep') await api.sharing.keep({ server: server! });
    show(context, await api.sharing.advice());
  });
  return 0;
}

const VERDICTS: Readonly<Record<SharingAdvice['verdict'], string>> = {
  good: 'can be shared',
  possible: 'may be shared by one client',
  bad: 'better not shared',
  already: 'shared',
};

const REASONS: Readonly<Record<SharingReason['code'], string>> = {
  roots: 'its sessions gave different roots',
  cwd: 'its sessions run in different folders, which stay apart',
  'server-requests': 'it asks its client',
  'session-state': 'sessions got different answers to the same call',
  subscriptions: 'it keeps subscriptions',
  'read-only': 'all its tools say that they only read',
  'few-calls': 'too few calls were seen to tell',
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

function show({ output }: Context, advice: readonly SharingAdvice[]): void {
  if (output.wantsJson) return output.json(advice);
  if (advice.length === 0) return output.say('The catalog has no server with a process.');
  for (const { server, verdict, reasons, processesNow, processesThen, rssSaved, trial } of advice) {
    const gain =
      processesThen < processesNow
        ? `: ${counted(processesNow, 'process', 'processes')} would be ${processesThen}${rssSaved === null ? '' : `, ${megabytes(rssSaved)} less`}`
        : '';
    output.say(`${server}  ${VERDICTS[verdict]}${trial ? ' (on trial)' : ''}${gain}`);
    for (const { code, seen } of reasons) {
      output.say(`    ${REASONS[code]}${seen.length > 0 ? ` (${seen.join(', ')})` : ''}`);
    }
  }
}
