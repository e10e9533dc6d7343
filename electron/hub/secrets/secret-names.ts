import { PatchbayError } from '../../../shared/model/error.ts';

/** What may stand in `${secret:NAME}`; the one name that JavaScript's objects cannot hold is not. */
const NAME = /^(?!__proto__$)[A-Za-z0-9_.-]{1,128}$/;
/** More than any key or certificate needs; a whole file pasted by mistake is refused. */
export const MAX_SECRET_BYTES = 64 * 1024;

/** Throws USAGE for what cannot be the name of a secret. */
export function assertSecretName(name: string): void {
  if (NAME.test(name)) return;
  throw new PatchbayError('USAGE', `${JSON.stringify(name.slice(0, 128))} cannot be the name of a secret.`, {
    hint: 'Use up to 128 letters, digits, dots, dashes and underscores.',
  });
}

/** Throws USAGE for what cannot be the value of a secret. The message holds nothing of it. */
export function assertSecretValue(name: string, value: string): void {
  const fault =
    value === ''
      ? 'is empty'
      : Buffer.byteLength(value) > MAX_SECRET_BYTES
        ? `is longer than ${MAX_SECRET_BYTES} bytes`
        : value.includes('\0')
          ? 'holds a NUL character'
          : null;
  if (fault) throw new PatchbayError('USAGE', `The value for the secret ${name} ${fault}.`);
}

/** The variable that stands in for a secret: dots and dashes, which no shell takes in a name, become underscores. */
export const secretVariable = (name: string): string => `PATCHBAY_SECRET_${name.replace(/[.-]/g, '_')}`;

/** The error for a name that neither the store nor the environment knows. */
export const secretMissing = (name: string): PatchbayError =>
  new PatchbayError('SECRET_MISSING', `There is no secret ${name}.`, {
    hint: `Set it with: patchbay secrets set ${name} (or start the hub with ${secretVariable(name)} set).`,
  });
