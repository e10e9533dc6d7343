import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { counted } from '../../../shared/language/counted.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { prepareDataFolder } from '../../hub/data-folder.ts';
import { asReadError } from '../../hub/files/file-errors.ts';
import { MAX_CONFIG_BYTES } from '../../hub/files/json-document.ts';
import { nodeStorage } from '../../hub/files/storage.ts';
import { importServers } from '../../hub/migration/import/import-servers.ts';
import type { ImportPlan } from '../../hub/migration/import/plan-import.ts';
import { isSet, usage } from '../command-line.ts';
import type { Context } from '../context.ts';

/** `servers import FILE|-`: adds the servers of a file to the catalog; with --dry-run it only lists them. */
export async function importServersFrom(
  { data, line, output }: Context,
  file: string | undefined,
): Promise<number> {
  if (file === undefined) throw usage('Which file? Give its path, or "-" for standard input.');
  const dryRun = isSet(line, 'dry-run');
  const source = file === '-' ? 'standard input' : path.resolve(file);
  const bytes = await readAll(file === '-' ? process.stdin : createReadStream(file), source);
  prepareDataFolder(data);
  const plan = await importServers(nodeStorage(process.platform), data, { bytes, source, dryRun });
  if (output.wantsJson) output.json({ dryRun, ...plan });
  else describe(output, plan, dryRun);
  return 0;
}

function describe(
  output: Context['output'],
  { format, items, passedOver }: ImportPlan,
  dryRun: boolean,
): void {
  output.say(`This is ${format}.`);
  for (const { name, server, action, enabled, launch, warnings, notes, secretsInClear } of items) {
    const renamed = server === name ? '' : ` as ${server}`;
    const verb = action === 'duplicate' ? 'known' : enabled ? 'add  ' : 'off  ';
    output.say(`  ${verb}  ${name}${renamed}: ${launch.map(shown).join(' ')}`);
    if (secretsInClear > 0)
      output.say(`         ${counted(secretsInClear, 'secret')} would stand in clear in the catalog.`);
    for (const warning of warnings) output.say(`         warning: ${warning}`);
    for (const note of notes) output.say(`         ${note}`);
  }
  for (const { name, reason } of passedOver) output.say(`  skip   ${shown(name)}: ${reason}`);
  const added = items.filter(({ action }) => action === 'add');
  const off = added.filter(({ enabled }) => !enabled).length;
  output.say(
    `${counted(added.length, 'server')} ${dryRun ? 'would be' : added.length === 1 ? 'was' : 'were'} added; ${items.length - added.length} in the catalog already, ${passedOver.length} passed over.`,
  );
  if (off > 0)
    output.say(`${off} are switched off; once you have read the command: patchbay servers enable NAME`);
}

/** Words with blanks in quotes, so that one sees where each begins and ends. */
const shown = (word: string): string => (/^[^\s"']+$/.test(word) ? word : JSON.stringify(word));

/** Bounded as it comes: what a pipe will hold cannot be asked beforehand. */
async function readAll(stream: Readable, source: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > MAX_CONFIG_BYTES) throw tooLarge(source);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof PatchbayError ? error : asReadError(error, source);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (source: string): PatchbayError =>
  new PatchbayError('CONFIG_TOO_LARGE', `${source} is larger than 8 MB.`, {
    hint: 'Pick out the part with the servers.',
  });
