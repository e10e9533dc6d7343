import { isSafetyRefusal, toErrorInfo } from '../../shared/model/error.ts';
import { visibleText } from '../hub/logging/visible-text.ts';

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
    if (!wantsJson) write(`${visibleText(line)}\n`);
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

/** Says what went wrong on stderr and gives the exit code. */
export function reportFailure(error: unknown, write: (text: string) => void): number {
  const { code, message, hint } = toErrorInfo(error);
  write(visibleText(`${code}: ${message}${hint ? `\n${hint}` : ''}`) + '\n');
  if (code === 'USAGE' || code === 'FILTER_INVALID' || code === 'NOT_SUPPORTED') return 2;
  return isSafetyRefusal(code) ? 3 : 1;
}
