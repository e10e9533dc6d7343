import { z } from 'zod';

/** Latency of one tool (or method, when it is no tool call) of one server. Percentiles are at most 2 % off. */
export const ToolLatency = z.object({
  server: z.string(),
  tool: z.string(),
  count: z.number(),
  errors: z.number(),
  p50Ms: z.number(),
  p90Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  /** Median of the hub's own share. */
  hubP50Ms: z.number(),
  /** Calls per slice of the asked period, oldest first; at most 30 slices. */
  spark: z.array(z.number()),
});
export type ToolLatency = z.infer<typeof ToolLatency>;
