import type { Alert, AlertRule } from '../../../shared/model/alert.ts';
import type { Measurement } from './measure-rule.ts';

const MAX_RESOLVED = 100;
/** A rule for every server, and servers without end, must not fill the memory. */
const MAX_ACTIVE = 1_000;
/** Looks are a minute apart, give or take what a timer is late. */
const JITTER_MS = 5_000;

/** What became of alerts in one look. */
export interface Turns {
  fired: Alert[];
  resolved: Alert[];
}

/** Pending, firing and resolved alerts of all rules. */
export class AlertStates {
  readonly #active = new Map<string, Alert>();
  /** Newest first. */
  #resolved: Alert[] = [];

  /** One look at what a rule is about: what holds is or becomes an alert, what does not is over. */
  observe(rule: AlertRule, measured: readonly Measurement[], now: number): Turns {
    const turns: Turns = { fired: [], resolved: [] };
    const holding = new Set<string>();
    for (const { server, tool, value, holds } of measured) {
      if (!holds) continue;
      const key = keyOf(rule.id, server, tool);
      holding.add(key);
      let alert = this.#active.get(key);
      if (!alert) {
        if (this.#active.size >= MAX_ACTIVE) continue;
        alert = {
          rule: rule.id,
          name: rule.name,
          kind: rule.kind,
          server,
          tool,
          state: 'pending',
          value,
          threshold: rule.threshold,
          since: now,
          resolvedAt: null,
        };
        this.#active.set(key, alert);
      }
      alert.value = value;
      if (alert.state !== 'pending' || now - alert.since < rule.forMinutes * 60_000 - JITTER_MS) continue;
      alert.state = 'firing';
      turns.fired.push(alert);
    }
    this.#end(rule.id, holding, now, turns);
    return turns;
  }

  /** The rule is gone, off, or another one now: what it said is over. */
  drop(rule: string, now: number): Turns {
    const turns: Turns = { fired: [], resolved: [] };
    this.#end(rule, new Set(), now, turns);
    return turns;
  }

  /** Nobody looked for a while (the machine slept): how long a condition has held is not known any more. */
  restartPending(now: number): void {
    for (const alert of this.#active.values()) if (alert.state === 'pending') alert.since = now;
  }

  /** Firing first, then pending, then resolved ones, newest first each. */
  list(): Alert[] {
    const newest = [...this.#active.values()].toSorted((a, b) => b.since - a.since);
    return [
      ...newest.filter(({ state }) => state === 'firing'),
      ...newest.filter(({ state }) => state === 'pending'),
      ...this.#resolved,
    ].map((alert) => ({ ...alert }));
  }

  #end(rule: string, holding: ReadonlySet<string>, now: number, turns: Turns): void {
    for (const [key, alert] of this.#active) {
      if (alert.rule !== rule || holding.has(key)) continue;
      this.#active.delete(key);
      // What never fired told nobody anything.
      if (alert.state === 'pending') continue;
      const resolved: Alert = { ...alert, state: 'resolved', resolvedAt: now };
      this.#resolved = [resolved, ...this.#resolved].slice(0, MAX_RESOLVED);
      turns.resolved.push(resolved);
    }
  }
}

const keyOf = (rule: string, server: string, tool: string | null): string =>
  JSON.stringify([rule, server, tool]);
