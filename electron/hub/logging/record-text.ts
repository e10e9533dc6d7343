/** One JSON record as a line for people: `2026-11-21T10:00:00.000Z warn  servers.swept pids="12 13"`. */
export function recordAsText(line: string): string {
  const { at, level, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const told = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`);
  return `${[String(at), String(level).padEnd(5), String(event), ...told].join(' ')}\n`;
}

/** Bare where it cannot be misread; else in quotes, so that no value looks like a field or a line of its own (E17). */
function valueText(value: unknown): string {
  return typeof value === 'string' && /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
}
