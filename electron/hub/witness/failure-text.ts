import { stripVTControlCharacters } from 'node:util';
import { PatchbayError } from '../../../shared/model/error.ts';
import { isSecret } from '../migration/secrets.ts';
import type { StderrRing } from '../supervisor/stderr-ring.ts';
import { ServerFault } from './server-fault.ts';

const STDERR_LINES = 50;
const MAX_STDERR_CHARACTERS = 4_000;
/** A shorter value would be found in the middle of words. */
const MIN_SECRET_LENGTH = 6;
const CONTROL_CHARACTERS = /(?![\n\t])\p{Cc}/gu;

/**
 * Why a server could not be asked, for people: what happened and the last lines it wrote, without terminal controls
 * (E26) and without the values of variables that hold a secret.
 */
export function failureText(
  error: unknown,
  stderr: Pick<StderrRing, 'tail'>,
  env: Readonly<Record<string, string>>,
): string {
  const happened = whatHappened(error);
  const written = stripVTControlCharacters(withoutSecrets(stderr.tail(STDERR_LINES), env)).trim();
  const tail = written.length > MAX_STDERR_CHARACTERS ? `…${written.slice(-MAX_STDERR_CHARACTERS)}` : written;
  const text = tail === '' ? happened : `${happened} It wrote: ${tail}`;
  return text.replace(CONTROL_CHARACTERS, '');
}

function whatHappened(error: unknown): string {
  if (error instanceof PatchbayError) return [error.message, error.info.hint].filter(Boolean).join(' ');
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof ServerFault
    ? `The server ${message}.`
    : `The server could not be asked: ${message}.`;
}

function withoutSecrets(text: string, env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .filter(([name, value]) => value.length >= MIN_SECRET_LENGTH && isSecret(name, value))
    .reduce((clean, [name, value]) => clean.replaceAll(value, () => `[${name}]`), text);
}
