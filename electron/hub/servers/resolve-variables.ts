import { PatchbayError } from '../../../shared/model/error.ts';

const FORM = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Replaces `${VAR}` and `${VAR:-default}` by the environment's value, once: what comes out is never looked at again,
 * so a value cannot smuggle in another reference (E11). Throws VARIABLE_MISSING naming the variable and the field.
 */
export function resolveVariables(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  field: string,
): string {
  return text.replace(FORM, (whole, inside: string) => {
    const split = inside.indexOf(':-');
    const name = split === -1 ? inside : inside.slice(0, split);
    if (!NAME.test(name)) {
      throw new PatchbayError(
        'VARIABLE_MISSING',
        `${field} holds ${JSON.stringify(whole)}, which is not a form Patchbay knows.`,
        {
          hint: 'Use ${NAME} or ${NAME:-default}.',
        },
      );
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined && value !== '') return value;
    if (split !== -1) return inside.slice(split + 2);
    if (value === '') return '';
    throw new PatchbayError(
      'VARIABLE_MISSING',
      `${field} needs the environment variable ${name}, which is not set.`,
      {
        hint: `Set ${name} where the hub (or the client) is started, or write \${${name}:-default}.`,
      },
    );
  });
}
