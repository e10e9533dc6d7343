import { z } from 'zod';

/** Figures of one tool (or method, when it is no tool call) of one server. Percentiles are at most 2 % off. */
export const ToolFigures = z.object({
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
});

/** The same over time, and against the time before. */
export const ToolLatency = ToolFigures.extend({
  /** Calls per slice of the asked period, oldest first; at most 30 slices. */
  spark: z.array(z.number()),
  /** The same figures of the period of equal length before; null when there were no calls. */
  previous: z
    .object({ count: z.number(), errors: z.number(), p50Ms: z.number(), p99Ms: z.number() })
    .nullable(),
});
export type ToolLatency = z.infer<typeof ToolLatency>;

/** How the durations of one tool (or of everything that matches) lie, and how that changes over time. */
export const LatencyDistribution = z.object({
  /** Upper bounds of the buckets in milliseconds, growing; the last one holds everything above the one before. */
  boundsMs: z.array(z.number()),
  /** Calls per bucket over the whole period. */
  counts: z.array(z.number()),
  /**
   * Per slice of time, oldest first: its first moment and its calls per bucket. At most 60 slices; the last one also
   * holds the minute under way.
   */
  slices: z.array(z.object({ at: z.number(), counts: z.array(z.number()) })),
  /** The hub's own share, over the whole period. */
  hub: z.object({ p50Ms: z.number(), p90Ms: z.number(), p99Ms: z.number() }),
  total: z.object({
    count: z.number(),
    errors: z.number(),
    p50Ms: z.number(),
    p90Ms: z.number(),
    p99Ms: z.number(),
    maxMs: z.number(),
  }),
});
export type LatencyDistribution = z.infer<typeof LatencyDistribution>;
