import { PatchbayError } from '../../../shared/model/error.ts';

/** Filled per instance, so that what a server keeps on the disk can follow its isolation. */
export const TEMPLATES = ['SESSION_ID', 'CLIENT_ID', 'USER_ID', 'INSTANCE_TYPE', 'WORKDIR'] as const;
export type Template = (typeof TEMPLATES)[number];

/** Where values come from. A source that is absent leaves its form as it is. */
export interface VariableSources {
  env: Readonly<Record<string, string | undefined>>;
  /** By name, all that the definition mentions; see `secretNames`. */
  secrets?: ReadonlyMap<string, string>;
  templates?: Readonly<Record<Template, string>>;
}

const FORM = new RegExp(String.raw`\$\{([^}]*)\}|\{(${TEMPLATES.join('|')})\}`, 'g');
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SECRET = /^secret:([A-Za-z0-9_.-]+)$/;

/**
 * Replaces `${VAR}`, `${VAR:-default}`, `${secret:NAME}` and `{SESSION_ID}` and its like, all in one pass: what comes
 * out is never looked at again, so a value cannot smuggle in another reference (E11). Throws VARIABLE_MISSING naming
 * the variable and the field.
 */
export function resolveVariables(text: string, sources: VariableSources, field: string): string {
  return text.replace(FORM, (whole, inside: string | undefined, template: Template | undefined) => {
    if (template !== undefined) return sources.templates?.[template] ?? whole;
    const secret = SECRET.exec(inside!)?.[1];
    if (secret !== undefined) return sources.secrets?.get(secret) ?? whole;
    return fromEnvironment(whole, inside!, sources.env, field);
  });
}

function fromEnvironment(whole: string, inside: string, env: VariableSources['env'], field: string): string {
  const split = inside.indexOf(':-');
  const name = split === -1 ? inside : inside.slice(0, split);
  if (!NAME.test(name)) {
    throw new PatchbayError(
      'VARIABLE_MISSING',
      `${field} holds ${JSON.stringify(whole)}, which is not a form Patchbay knows.`,
      { hint: 'Use ${NAME}, ${NAME:-default} or ${secret:NAME}.' },
    );
  }
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined && value !== '') return value;
  if (split !== -1) return inside.slice(split + 2);
  if (value === '') return '';
  throw new PatchbayError(
    'VARIABLE_MISSING',
    `${field} needs the environment variable ${name}, which is not set.`,
    { hint: `Set ${name} where the hub (or the client) is started, or write \${${name}:-default}.` },
  );
}

/** Names of the secrets that a text asks for. */
export const secretNames = (text: string): string[] =>
  [...text.matchAll(FORM)].flatMap(([, inside]) => SECRET.exec(inside ?? '')?.[1] ?? []);

/** The templates that a text holds. */
export const templatesIn = (text: string): Template[] =>
  [...text.matchAll(FORM)].flatMap(([, , template]) => (template ? [template as Template] : []));
