/**
 * `${NAME}` and `${NAME:-default}` as Claude Code expands them in its config: once, and a name that is not set and
 * has no default stays as it is written.
 */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, inside: string) => {
    const split = inside.indexOf(':-');
    const name = split === -1 ? inside : inside.slice(0, split);
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    return value ?? (split === -1 ? whole : inside.slice(split + 2));
  });
}
