import { z } from 'zod';

/** What a rule watches: milliseconds of the 99th percentile, percent of failed calls, or that a server failed. */
export const AlertKind = z.enum(['p99', 'error-rate', 'server-down']);
export type AlertKind = z.infer<typeof AlertKind>;

/** A condition that, once it held for some minutes, is worth telling a person about. Kept in `alerts.json`. */
export const AlertRule = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: z.string().min(1).max(80),
  kind: AlertKind,
  /** Server's name; absent means each server by itself. */
  server: z.string().optional(),
  /** Tool's name; absent means all calls of the server together. Not with `server-down`. */
  tool: z.string().optional(),
  /** Milliseconds for `p99`, percent for `error-rate`; not used by `server-down`. */
  threshold: z.number().min(0),
  /** It must hold this long; also the length of the window that is looked at. */
  forMinutes: z.number().int().min(1).max(1_440),
  /** Fewer calls in the window than this say nothing. */
  minCalls: z.number().int().min(1).max(100_000),
  enabled: z.boolean(),
});
export type AlertRule = z.infer<typeof AlertRule>;

/** A rule that holds, or held, for one server. */
export const Alert = z.object({
  rule: z.string(),
  name: z.string(),
  kind: AlertKind,
  server: z.string(),
  tool: z.string().nullable(),
  /** `pending`: holds, not for long enough yet. `resolved`: kept for the list, newest 100. */
  state: z.enum(['pending', 'firing', 'resolved']),
  /** What was measured last, in the rule's unit. */
  value: z.number(),
  threshold: z.number(),
  /** Epoch milliseconds. */
  since: z.number(),
  resolvedAt: z.number().nullable(),
});
export type Alert = z.infer<typeof Alert>;

/**
 * Rules that make sense for most people: offered, never set up unasked. Whoever takes one may change all of it; the
 * names are a start, kept with the rule as its owner's own words.
 */
export const ALERT_TEMPLATES: readonly Readonly<AlertRule>[] = [
  {
    id: 'slow-calls',
    name: 'Slow calls',
    kind: 'p99',
    threshold: 5_000,
    forMinutes: 5,
    // With fewer, the slowest percent is one call.
    minCalls: 20,
    enabled: true,
  },
  {
    id: 'failing-calls',
    name: 'Failing calls',
    kind: 'error-rate',
    threshold: 20,
    forMinutes: 5,
    minCalls: 10,
    enabled: true,
  },
  {
    id: 'server-down',
    name: 'Server down',
    kind: 'server-down',
    threshold: 0,
    forMinutes: 1,
    minCalls: 1,
    enabled: true,
  },
];
