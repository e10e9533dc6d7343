import { z } from 'zod';

/** Settings of the hub itself, in `settings.json` of the data folder. Desktop-only settings live in electron-store. */
export const HubSettings = z.object({
  /** Record exchanges at all. Off keeps no row of any call; what is counted in memory for status and latency stays. */
  recordTraffic: z.boolean().default(true),
  /** Keep request and response bodies (redacted). Off keeps sizes and timings only. */
  captureBodies: z.boolean().default(true),
  /** Bytes of one body that are kept. */
  captureLimitBytes: z.number().int().min(0).max(16_777_216).default(65_536),
  historyMaxMb: z.number().int().min(1).max(100_000).default(512),
  historyMaxDays: z.number().int().min(1).max(3650).default(14),
});
export type HubSettings = z.infer<typeof HubSettings>;
