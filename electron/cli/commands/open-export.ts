import { readFile, stat } from 'node:fs/promises';
import { readExport, type ReadExport } from '../../../shared/export/read-export.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { Context } from '../context.ts';
import { describeExchange } from './describe-exchange.ts';

/** A text may hold half a billion characters in this runtime, and what is read of it takes as much again. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Lists an exported file as `logs` lists the log: newest first as JSON, newest last for people. Changes nothing. */
export async function openExport(
  { output }: Context,
  { file, filter: text, limit }: { file: string; filter: string; limit: number },
): Promise<void> {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new PatchbayError('FILTER_INVALID', parsed.error.message);
  const { details, leftOut } = await read(file);
  const now = Date.now();
  const rows = details
    .map(({ exchange }) => exchange)
    .filter((exchange) => matches(parsed.filter, exchange, now))
    .toSorted((a, b) => b.at - a.at || b.id - a.id)
    .slice(0, limit);
  if (output.wantsJson) return output.json(rows);
  for (const row of rows.toReversed()) output.say(describeExchange(row));
  if (leftOut > 0) output.say(`(${leftOut} more of the file were not read)`);
}

async function read(file: string): Promise<ReadExport> {
  let content: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) {
      throw new PatchbayError(
        'INPUT_INVALID',
        `${file} has ${size} bytes; at most ${MAX_FILE_BYTES} are read.`,
      );
    }
    content = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof PatchbayError) throw error;
    throw new PatchbayError('NOT_FOUND', `${file} cannot be read: ${(error as Error).message}.`, {
      path: file,
    });
  }
  try {
    return readExport(content);
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    const { code, message, ...place } = error.info;
    throw new PatchbayError(code, `${file}: ${message}`, { ...place, path: file });
  }
}
