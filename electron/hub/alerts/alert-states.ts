import { isDeepStrictEqual } from 'node:util';
import type { Alert, AlertRule } from '../../../shared/model/alert.ts';
import { type KeptAlert, MAX_ACTIVE, MAX_RESOLVED } from './kept-alerts.ts';
import type { Measurement } from './measure-rule.ts';

/** Looks this far apart are not of one stretch of time. */
export const LONGEST_GAP_MS = 3 * 60_000;
/** Looks are a minute apart, give or take what a timer is late. */
const JITTER_MS = 5_000;
/** A server that crashes is tried for a minute before it counts as failed. */
const SHORTEST_TRUST_MS = 2 * 60_000;

/** What became of alerts in one look. */
export interface Turns {
  fired: Alert[];
  resolved: Alert[];
}

interface ActiveAlert extends KeptAlert {
  /**
   * Until then it is believed although nothing is known of it: a hub that just started has seen too few calls, and has
   * tried no server. 0 for what this hub has seen itself.
   */
  trustedUntil: number;
}

/** Pending, firing and resolved alerts of all rules. */
export class AlertStates {
  readonly #active = new Map<string, ActiveAlert>();
  /** Newest first. */
  #resolved: KeptAlert[] = [];

  /** `before`: what the run before has kept. */
  constructor(before: readonly KeptAlert[], now: number) {
    for (const kept of before) {
      const { alert, rule, seenAt } = structuredClone(kept);
      if (alert.state === 'resolved') {
        if (this.#resolved.length < MAX_RESOLVED) this.#resolved.push({ alert, rule, seenAt });
        continue;
      }
      // How long it has held is not known any more; one that fires has told that already.
      if (alert.state === 'pending' && now - seenAt > LONGEST_GAP_MS) continue;
      if (this.#active.size >= MAX_ACTIVE) break;
      const trustedUntil = now + Math.max(rule.forMinutes * 60_000, SHORTEST_TRUST_MS);
      this.#active.set(keyOf(rule.id, alert.server, alert.tool), { alert, rule, seenAt, trustedUntil });
    }
  }

  /** One look at what a rule is about: what holds is or becomes an alert, what does not is over. */
  observe(rule: AlertRule, measured: readonly Measurement[], now: number): Turns {
    const turns: Turns = { fired: [], resolved: [] };
    const holding = new Set<string>();
    const known = new Set<string>();
    for (const { server, tool, value, holds, isKnown } of measured) {
      const key = keyOf(rule.id, server, tool);
      if (isKnown) known.add(key);
      if (!holds) continue;
      holding.add(key);
      let active = this.#active.get(key);
      if (!active) {
        if (this.#active.size >= MAX_ACTIVE) continue;
        active = { alert: begin(rule, { server, tool, value }, now), rule, seenAt: now, trustedUntil: 0 };
        this.#active.set(key, active);
      }
      const { alert } = active;
      active.seenAt = now;
      active.trustedUntil = 0;
      alert.value = value;
      if (alert.state !== 'pending' || now - alert.since < rule.forMinutes * 60_000 - JITTER_MS) continue;
      alert.state = 'firing';
      turns.fired.push(alert);
    }
    this.#end(turns, now, (active, key) => {
      if (active.rule.id !== rule.id || holding.has(key)) return false;
      return known.has(key) || now >= active.trustedUntil - JITTER_MS;
    });
    return turns;
  }

  /** The rule is gone, off, or another one now: what it said is over. */
  drop(rule: string, now: number): Turns {
    const turns: Turns = { fired: [], resolved: [] };
    this.#end(turns, now, (active) => active.rule.id === rule);
    return turns;
  }

  /** As `drop`, for every rule that is not to the letter among these. */
  dropAllBut(rules: readonly AlertRule[], now: number): Turns {
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    const turns: Turns = { fired: [], resolved: [] };
    this.#end(turns, now, ({ rule }) => !isDeepStrictEqual(byId.get(rule.id), rule));
    return turns;
  }

  /** Nobody looked for a while (the machine slept): how long a condition has held is not known any more. */
  restartPending(now: number): void {
    for (const { alert } of this.#active.values()) if (alert.state === 'pending') alert.since = now;
  }

  /** Firing first, then pending, then resolved ones, newest first each. */
  list(): Alert[] {
    const newest = [...this.#active.values()].map(({ alert }) => alert).toSorted((a, b) => b.since - a.since);
    return [
      ...newest.filter(({ state }) => state === 'firing'),
      ...newest.filter(({ state }) => state === 'pending'),
      ...this.#resolved.map(({ alert }) => alert),
    ].map((alert) => ({ ...alert }));
  }

  /** What the next run needs to go on with. */
  kept(): KeptAlert[] {
    return [...this.#active.values(), ...this.#resolved].map(({ alert, rule, seenAt }) => ({
      alert,
      rule,
      seenAt,
    }));
  }

  #end(turns: Turns, now: number, isOver: (active: ActiveAlert, key: string) => boolean): void {
    for (const [key, active] of this.#active) {
      if (!isOver(active, key)) continue;
      this.#active.delete(key);
      // What never fired told nobody anything.
      if (active.alert.state === 'pending') continue;
      const { rule, seenAt } = active;
      const alert: Alert = { ...active.alert, state: 'resolved', resolvedAt: now };
      this.#resolved = [{ alert, rule, seenAt }, ...this.#resolved].slice(0, MAX_RESOLVED);
      turns.resolved.push(alert);
    }
  }
}

const begin = (
  { id, name, kind, threshold }: AlertRule,
  { server, tool, value }: Pick<Measurement, 'server' | 'tool' | 'value'>,
  since: number,
): Alert => ({
  rule: id,
  name,
  kind,
  server,
  tool,
  state: 'pending',
  value,
  threshold,
  since,
  resolvedAt: null,
});

const keyOf = (rule: string, server: string, tool: string | null): string =>
  JSON.stringify([rule, server, tool]);
