import { z } from 'zod';
import { type ServerDefinition, ServerDefinition as Definition } from '../../../shared/model/server.ts';
import { prepareDataFolder } from '../../hub/data-folder.ts';
import {
  CHANGEABLE_FIELDS,
  type ChangeableField,
  changeServer,
  readCatalog,
  type ServerChange,
} from '../../hub/servers/catalog-file.ts';
import { usage } from '../command-line.ts';
import type { Context } from '../context.ts';

/**
 * `servers set NAME FIELD=VALUE…` on the catalog file itself; a running hub follows it. Shows what the file says then.
 * Never what is run: a command is changed by whoever owns the file.
 */
export async function setServer(context: Context, name: string, pairs: readonly string[]): Promise<void> {
  const { data, output } = context;
  if (pairs.length === 0) throw usage(`Give FIELD=VALUE; fields are ${CHANGEABLE_FIELDS.join(', ')}.`);
  const change = readServerChange(pairs);
  prepareDataFolder(data);
  await changeServer(data, name, change);
  const definition: ServerDefinition | undefined = (await readCatalog(data)).servers.get(name);
  const now = Object.fromEntries(CHANGEABLE_FIELDS.map((field) => [field, definition?.[field] ?? null]));
  if (output.wantsJson) return output.json({ name, ...now });
  output.say(`${name}:`);
  output.table(
    Object.entries(now).map(([field, value]) => [
      `  ${field}`,
      value === null ? '(default)' : typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

/** Reads `FIELD=VALUE` words; an empty value takes the field out. Throws USAGE. */
export function readServerChange(pairs: readonly string[]): ServerChange {
  const change: Record<string, unknown> = {};
  for (const pair of pairs) {
    const split = pair.indexOf('=');
    const field = CHANGEABLE_FIELDS.find((known) => known === pair.slice(0, split));
    if (split < 1 || !field) {
      throw usage(`${JSON.stringify(pair)} is no FIELD=VALUE; fields are ${CHANGEABLE_FIELDS.join(', ')}.`);
    }
    const text = pair.slice(split + 1);
    change[field] = text === '' ? null : readField(field, text);
  }
  return change;
}

function readField(field: ChangeableField, text: string): unknown {
  const parsed = Definition.shape[field].safeParse(valueOf(field, text));
  if (parsed.success) return parsed.data;
  throw usage(`${field}=${text} does not fit: ${z.prettifyError(parsed.error)}`);
}

const TIMES: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const SIZES: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Numbers with a unit that goes with the field, words and JSON; what is none of these is refused by the schema. */
function valueOf(field: ChangeableField, text: string): unknown {
  if (field === 'isolation') return text;
  const amount = /^(\d{1,15})([a-z]{0,2})$/i.exec(text);
  if (amount) {
    const units = field === 'memoryLimit' ? SIZES : field.toLowerCase().endsWith('timeout') ? TIMES : {};
    const unit = amount[2]!.toLowerCase();
    const factor = unit === '' ? 1 : units[unit];
    return factor === undefined ? text : Number(amount[1]) * factor;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
