import { isSafetyRefusal, toErrorInfo } from '../../shared/model/error.ts';

/** Where a command's words go. Everything a server or a file named is shown with its control characters escaped. */
export interface Output {
  /** One JSON document, or one line of them when following. */
  json(value: unknown): void;
  /** A line for people; nothing with --json. */
  say(line?: string): void;
  /** Columns, padded; nothing with --json. */
  table(rows: readonly (readonly string[])[]): void;
  readonly wantsJson: boolean;
}

export function createOutput(wantsJson: boolean, write: (text: string) => void): Output {
  const say = (line = ''): void => {
    if (!wantsJson) write(`${printable(line)}\n`);
  };
  return {
    wantsJson,
    json: (value) => write(`${JSON.stringify(value)}\n`),
    say,
    table(rows) {
      const widths: number[] = [];
      for (const row of rows)
        for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
      for (const row of rows) {
        say(
          row
            .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!)))
            .join('  '),
        );
      }
    },
  };
}

/** Control characters, ANSI and bidi overrides of other people's text must not reach the terminal (E26). */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
}

/** Says what went wrong on stderr and gives the exit code. */
export function reportFailure(error: unknown, write: (text: string) => void): number {
  const { code, message, hint } = toErrorInfo(error);
  write(printable(`${code}: ${message}${hint ? `\n${hint}` : ''}`) + '\n');
  if (code === 'USAGE' || code === 'FILTER_INVALID' || code === 'NOT_SUPPORTED') return 2;
  return isSafetyRefusal(code) ? 3 : 1;
}
