import { ServerDefinition } from '../../shared/model/server.ts';
import { messages } from '../messages/messages.ts';

const text = messages.servers.typed;

/**
 * Splits a command line as a person types it: blanks separate, single and double quotes and a backslash hold parts
 * together. Nothing is expanded: variables are the hub's business, and there is no shell. Throws on an open quote.
 */
export function splitCommandLine(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index]!;
    if (quote !== null) {
      if (character === quote) quote = null;
      else if (character === '\\' && quote === '"' && /["\\]/.test(line[index + 1] ?? '')) {
        word = `${word ?? ''}${line[(index += 1)]}`;
      } else word = `${word ?? ''}${character}`;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === '\\' && /[\s"'\\]/.test(line[index + 1] ?? '')) {
      word = `${word ?? ''}${line[(index += 1)]}`;
    } else word = `${word ?? ''}${character}`;
  }
  if (quote !== null) throw new Error(text.openQuote(quote));
  if (word !== null) words.push(word);
  return words;
}

/** Joins words so that splitCommandLine gives them back, and a reader sees where each one ends. */
export const joinCommandLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[^\s"'\\]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`))
    .join(' ');

/** A server as typed into the dialog. */
export interface TypedServer {
  name: string;
  definition: ServerDefinition;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads what people paste: a bare definition, `{"name": {…}}`, or a whole `{"mcpServers": {…}}` with one server. The
 * name in the JSON wins over an empty name field. Throws with a sentence for the person.
 */
export function readServerJson(json: string, typedName: string): TypedServer {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(text.notJson(error instanceof Error ? error.message : String(error)));
  }
  if (isRecord(value) && isRecord(value.mcpServers)) value = value.mcpServers;
  let name = typedName.trim();
  if (isRecord(value) && !('command' in value) && !('url' in value)) {
    const entries = Object.entries(value);
    const only = entries[0];
    if (!only || entries.length !== 1) throw new Error(text.notOne);
    name ||= only[0];
    value = only[1];
  }
  const parsed = ServerDefinition.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${issue?.path.join('.') || text.definition}: ${issue?.message ?? text.notValid}`);
  }
  if (!parsed.data.command && !parsed.data.url) throw new Error(text.noLaunch);
  if (!name) throw new Error(messages.servers.nameMissing);
  return { name, definition: parsed.data };
}
