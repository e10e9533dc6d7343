import { readFile } from 'node:fs/promises';
import { PatchbayError } from '../../../shared/model/error.ts';
import { text, usage } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';

/** Sends a recorded request again and shows the answer. Exit code 1 when it failed. */
export async function replay(context: Context): Promise<number> {
  const { line, output } = context;
  const [id, ...rest] = line.words;
  if (id === undefined || !/^\d{1,15}$/.test(id))
    throw usage('Which exchange? Give its id: see logs --json.');
  if (rest.length > 0) throw usage(`replay takes no ${JSON.stringify(rest[0])}.`);
  const params = await readParams(text(line, 'params'));
  const result = await withHub(context, ({ api }) =>
    api.traffic.replay({ id: Number(id), ...(params === undefined ? {} : { params }) }),
  );
  if (output.wantsJson) output.json(result);
  else {
    const row = result.exchange === null ? 'not kept in the log' : `exchange ${result.exchange}`;
    output.say(`${result.outcome}  ${result.durationMs.toFixed(1)} ms  ${row}`);
    if (result.response !== null) {
      const lines = JSON.stringify(JSON.parse(result.response), null, 2).split('\n');
      for (const shown of lines) output.say(shown);
    }
  }
  return result.outcome === 'ok' ? 0 : 1;
}

/** JSON text, or with @ in front the file it is in: arguments of a command are short, and seen by others. */
async function readParams(given: string | undefined): Promise<string | undefined> {
  if (given === undefined || !given.startsWith('@')) return given;
  const file = given.slice(1);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new PatchbayError('NOT_FOUND', `${file} cannot be read: ${(error as Error).message}.`, {
      path: file,
    });
  }
}
