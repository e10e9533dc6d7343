import type { ParityReport } from './parity-report.ts';

/** The report for programs: one JSON document with a final newline. */
export const reportJson = (report: ParityReport): string => `${JSON.stringify(report, null, 2)}\n`;
