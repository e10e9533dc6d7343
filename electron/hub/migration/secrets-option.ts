/** What the shim's `--secrets` holds: variables whose values are in the secret store, with their names there. */
export const formatSecretsOption = (names: ReadonlyMap<string, string>): string =>
  [...names].map(([variable, secret]) => `${variable}=${secret}`).join(',');

/** Reads it back. Throws an Error with one plain sentence when it was mangled. */
export function parseSecretsOption(text: string): Map<string, string> {
  return new Map(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1 || at === pair.length - 1) throw new Error('--secrets takes NAME=SECRET.');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
