import type { ConfigAuthor, ConfigVersion, ConfigWrite } from '../../../shared/model/config-version.ts';
import type { Finding } from '../../../shared/model/guardian.ts';
import { prepareDataFolder } from '../../hub/data-folder.ts';
import { openGuardian } from '../../hub/guardian/open-guardian.ts';
import { nodeHubLaunch, nodeShimCommand } from '../../hub/host.ts';
import { installShim } from '../../hub/install-shim.ts';
import { silentLogger } from '../../hub/log.ts';
import { configuredPort } from '../../hub/port.ts';
import { isSet, usage } from '../command-line.ts';
import type { Context } from '../context.ts';
import type { Output } from '../output.ts';

/** Every version of every config that was seen: list them, compare two, put one back. Needs no hub. */
export async function configs(context: Context): Promise<number> {
  const { output, line } = context;
  const [verb = 'list', ...words] = line.words;
  const { timeMachine, guardian } = open(context);
  if (verb === 'list' && words.length <= 1) {
    // Without a hub nobody else looks.
    await guardian.check();
    const versions = await timeMachine.list(words[0]);
    if (output.wantsJson) output.json(versions);
    else describeVersions(output, versions);
    return 0;
  }
  if (verb === 'diff' && (words.length === 1 || words.length === 2)) {
    const found = await timeMachine.diff(words[0]!, words[1]);
    if (output.wantsJson) output.json(found);
    else output.say(found.diff || 'They are the same.');
    return 0;
  }
  const [id, part = 'file'] = words;
  if (
    verb === 'restore' &&
    id !== undefined &&
    words.length <= 2 &&
    (part === 'file' || part === 'servers')
  ) {
    const { version } = await timeMachine.read(id);
    return await carryOut(context, (options) => timeMachine.restore(version.path, id, { ...options, part }));
  }
  throw usage('configs takes: list [PATH], diff ID [ID], restore ID [file|servers] --yes.');
}

/** What happened to configs since they were migrated, and what to do about it. Needs no hub. */
export async function guardian(context: Context): Promise<number> {
  const { output, line } = context;
  const [verb = 'list', id, ...rest] = line.words;
  const { guardian: service } = open(context);
  await service.check();
  if (verb === 'list' && id === undefined) {
    const findings = await service.findings();
    if (output.wantsJson) output.json(findings);
    else describeFindings(output, findings);
    return 0;
  }
  if (id !== undefined && rest.length === 0) {
    if (verb === 'merge') return await carryOut(context, (options) => service.mergeBack(id, options));
    if (verb === 'remove') return await carryOut(context, (options) => service.remove(id, options));
    if (verb === 'accept') {
      const finding = await service.accept(id);
      if (output.wantsJson) output.json(finding);
      else output.say(`Accepted: ${finding.message}`);
      return 0;
    }
  }
  throw usage('guardian takes: list, merge ID --yes, remove ID --yes, accept ID.');
}

/** Versions for people; `history` ends with them too. */
export function describeVersions(output: Output, versions: readonly ConfigVersion[]): void {
  if (versions.length === 0) return output.say('No config was seen yet.');
  output.table(
    versions.map(({ id, at, path, author, state, change }) => [
      id,
      at,
      path,
      authorInShort(author),
      state === 'readable' ? changeInShort(change) : state,
    ]),
  );
}

function open({ data, platform, resources, version }: Context): ReturnType<typeof openGuardian> {
  prepareDataFolder(data);
  return openGuardian({
    data,
    platform,
    logger: silentLogger,
    shim: nodeShimCommand(data),
    version,
    installShim: () =>
      installShim(data, resources.shim, nodeHubLaunch(data, resources, configuredPort(platform)), {
        keepLaunch: true,
      }),
  });
}

/** Shows the diff first; does it only when told so. */
async function carryOut(
  { output, line }: Context,
  write: (options: { dryRun: boolean; expected?: string | null }) => Promise<ConfigWrite>,
): Promise<number> {
  const shown = await write({ dryRun: true });
  const isOnlyShown = isSet(line, 'dry-run') || !isSet(line, 'yes');
  if (!output.wantsJson) {
    for (const note of shown.notes) output.say(note);
    output.say(shown.diff || 'Nothing would change.');
    if (shown.refusal) output.say(`Not now: ${shown.refusal.message} ${shown.refusal.hint ?? ''}`);
  }
  if (isOnlyShown) {
    if (!isSet(line, 'dry-run')) throw usage('This is what would change. Say --yes to do it.');
    if (output.wantsJson) output.json(shown);
    return 0;
  }
  const done = await write({ dryRun: false, expected: shown.sha256Before });
  if (output.wantsJson) output.json(done);
  else if (done.result === 'unchanged') output.say('It was so already.');
  else output.say(`Done. Take it back any time: patchbay configs restore ${done.undo} --yes`);
  return 0;
}

function describeFindings(output: Output, findings: readonly Finding[]): void {
  const open = findings.filter(({ state }) => state === 'open');
  output.say(open.length === 0 ? 'Nothing needs your attention.' : `${open.length} to look at:`);
  for (const finding of findings) {
    output.say(`${finding.id}  ${finding.state}  ${finding.level}  ${finding.at}  ${finding.message}`);
    if (finding.state !== 'open') continue;
    for (const { starts } of finding.entries) if (starts !== undefined) output.say(`    starts: ${starts}`);
    if (finding.advice !== null) output.say(`    ${finding.advice}`);
    for (const hint of hintsFor(finding)) output.say(`    ${hint}`);
  }
}

const hintsFor = ({ id, actions, lastGood }: Finding): string[] =>
  actions.map((action) => {
    if (action === 'route') return 'patchbay plan';
    if (action === 'restore') return `patchbay configs restore ${lastGood}`;
    return `patchbay guardian ${action === 'merge-back' ? 'merge' : action} ${id}`;
  });

function authorInShort(author: ConfigAuthor): string {
  if (author.kind === 'patchbay') return `Patchbay: ${author.action} ${author.migration ?? ''}`.trimEnd();
  if (author.kind === 'client') return author.client;
  return author.kind === 'someone' ? 'someone' : 'first seen';
}

function changeInShort(change: ConfigVersion['change']): string {
  if (!change) return '';
  const sign = { added: '+', removed: '-', changed: '~' };
  const servers = change.servers.map((server) => sign[server.change] + server.name);
  const { added, removed, changed } = change.otherKeys;
  const others = added + removed + changed;
  const more = change.moreServers > 0 ? [`${change.moreServers} more servers`] : [];
  return [...servers, ...more, ...(others > 0 ? [`${others} other keys`] : [])].join(' ');
}
