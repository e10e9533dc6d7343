const KEY =
  /token|secret|passw|passphrase|(^|[_.-])pwd($|[_.-])|api-?_?key|access-?_?key|private-?_?key|auth-?_?key|credential|bearer|cookie|authorization|connection-?_?string|(^|[_.-])(dsn|pat|key)$/i;

const VALUE = [
  /^(sk|pk|rk)[-_][A-Za-z0-9_-]{10,}/,
  /^(gh[pousr]_|github_pat_|glpat-|npm_|hf_|xox[abeprs]-|shpat_|dop_v1_|sq0|SG\.|ya29\.|AIza|AKIA|ASIA)[A-Za-z0-9_.-]{10,}/,
  /^eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  /^(bearer|basic|token)\s+\S{8,}/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i,
];

/** `${NAME}`, or one with a default: it names a secret and holds none. */
const REFERENCE = /^\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}$/;

/** Whether a name, such as that of a variable or a header, is one that secrets have. */
export const isSecretName = (name: string): boolean => KEY.test(name);

/** Whether a value is a secret by the look of itself, or random enough to be one. */
export function isSecretValue(value: string): boolean {
  if (REFERENCE.test(value)) return false;
  if (VALUE.some((pattern) => pattern.test(value))) return true;
  return (
    /^[A-Za-z0-9+/_=-]{32,}$/.test(value) &&
    /\d/.test(value) &&
    /[a-z]/i.test(value) &&
    !value.startsWith('/')
  );
}

/** Whether a named value must not be shown or copied. Empty values, references and plain switches are no secrets. */
export function isSecret(name: string, value: string): boolean {
  if (value === '' || REFERENCE.test(value) || /^(true|false|yes|no|on|off)$/i.test(value)) return false;
  return isSecretName(name) || isSecretValue(value);
}

/** For each argument of a command line, whether it holds a secret: `--token X`, `--token=X`, a header, or X by its looks. */
export function secretArguments(args: readonly string[]): boolean[] {
  return args.map((arg, index) => {
    const flag = /^-{1,2}([^=\s]+)=(.+)$/s.exec(arg);
    if (flag) return isSecret(flag[1]!, flag[2]!);
    const header = /^([A-Za-z-]+):\s+(.+)$/s.exec(arg);
    if (header) return isSecret(header[1]!, header[2]!);
    const before = args[index - 1] ?? '';
    const afterFlag = /^-{1,2}[A-Za-z][^=]*$/.test(before) && !arg.startsWith('-');
    return afterFlag ? isSecret(before.replace(/^-+/, ''), arg) : isSecretValue(arg);
  });
}
