import { type Alert, AlertRule } from '../../../shared/model/alert.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerView } from '../../../shared/model/server.ts';
import type { Changes } from '../changes.ts';
import { openListFile } from '../list-file.ts';
import type { Logger } from '../log.ts';
import type { ToolTotals } from '../traffic/summary.ts';
import { AlertStates, LONGEST_GAP_MS, type Turns } from './alert-states.ts';
import { CallWindows } from './call-windows.ts';
import { openKeptAlerts } from './kept-alerts.ts';
import { measureRule } from './measure-rule.ts';
import { prometheusRules } from './prometheus-rules.ts';

/**
 * Looks at the figures of each minute and says which rules hold. Rules live in `alerts.json` of the data folder, what
 * holds in `alert-states.json`, so that a restart neither forgets it nor tells of it again.
 */
export interface AlertService {
  rules(): AlertRule[];
  /** Throws INPUT_INVALID when a server-down rule names a tool, or there are 100 rules already. */
  save(rule: AlertRule): Promise<AlertRule>;
  /** Throws NOT_FOUND. */
  remove(id: string): Promise<void>;
  /** Firing first, then pending, then resolved ones, newest first each. */
  list(): Alert[];
  /** The enabled rules as a rule file for Prometheus, over the metrics this hub serves. */
  prometheus(): string;
  /** Looks no more; what is known is on disk when it resolves. */
  close(): Promise<void>;
}

export interface AlertDeps {
  /** The rules. */
  file: string;
  /** What became of them. */
  stateFile: string;
  logger: Logger;
  changes: Changes;
  /** Counters of all calls since the hub started. */
  calls(): Iterable<ToolTotals>;
  servers(): readonly Pick<ServerView, 'name' | 'state'>[];
  /** The hub takes its servers along when it ends, which does not mean that one of them is well again. */
  isEnding(): boolean;
  /** Epoch milliseconds; a parameter so that tests own the clock. */
  now?: () => number;
}

const MAX_RULES = 100;
const LOOK_EVERY_MS = 60_000;
/** Changes of servers come in bursts. */
const SETTLE_MS = 500;

/** Starts looking; costs nothing while no rule is enabled. */
export function openAlerts({
  file,
  stateFile,
  logger,
  changes,
  calls,
  servers,
  isEnding,
  now = Date.now,
}: AlertDeps): AlertService {
  const kept = openListFile({ file, member: 'rules', item: AlertRule, max: MAX_RULES, logger });
  const windows = new CallWindows();
  const keptAlerts = openKeptAlerts(stateFile, logger);
  const states = new AlertStates(keptAlerts.before, now());
  let lastLook = now();
  let settling: NodeJS.Timeout | undefined;

  const rules = (): AlertRule[] => {
    // A file written by hand may name one twice; the last one says what is meant, as in any JSON object.
    return [...new Map(kept.items().map((rule) => [rule.id, rule])).values()];
  };
  const watched = (isDown: boolean): AlertRule[] =>
    rules().filter(({ enabled, kind }) => enabled && (kind === 'server-down') === isDown);

  const tell = ({ fired, resolved }: Turns): void => {
    for (const [event, level, alerts] of [
      ['alert.firing', 'warn', fired],
      ['alert.resolved', 'info', resolved],
    ] as const) {
      for (const { rule, name, server, tool, value, threshold } of alerts) {
        logger.log(level, event, { rule, name, server, tool, value: Math.round(value * 10) / 10, threshold });
      }
    }
  };
  const observe = (rule: AlertRule): void =>
    tell(states.observe(rule, measureRule(rule, { windows, servers, now: now() }), now()));

  const countCalls = (): void => {
    if (watched(false).length > 0) windows.sample(calls(), now());
    else windows.clear();
  };
  /** Runs one look and says so when it changed anything that can be seen. */
  const inOneLook = (work: () => void): void => {
    if (isEnding()) return;
    const before = JSON.stringify(states.list());
    work();
    keptAlerts.keep(states.kept());
    if (JSON.stringify(states.list()) !== before) changes.emit('alerts');
  };
  const look = (): void =>
    inOneLook(() => {
      if (now() - lastLook > LONGEST_GAP_MS) states.restartPending(now());
      lastLook = now();
      countCalls();
      for (const rule of [...watched(false), ...watched(true)]) observe(rule);
    });
  const lookAtServers = (): void => {
    settling = undefined;
    inOneLook(() => {
      for (const rule of watched(true)) observe(rule);
    });
  };

  // Somebody may have edited the rules while no hub ran.
  inOneLook(() => tell(states.dropAllBut(rules(), now())));
  countCalls();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  // A server that fails is known at once, so that its time counts from then.
  const unsubscribe = changes.subscribe((topic) => {
    if (topic === 'servers' && watched(true).length > 0) {
      settling ??= setTimeout(lookAtServers, SETTLE_MS).unref();
    }
  });

  return {
    rules,
    async save(rule) {
      assertSensible(rule);
      await kept.change((list) => {
        if (list.some(({ id }) => id === rule.id)) {
          return list.map((known) => (known.id === rule.id ? rule : known));
        }
        if (list.length < MAX_RULES) return [...list, rule];
        throw new PatchbayError('INPUT_INVALID', `There may be at most ${MAX_RULES} alert rules.`, {
          hint: 'Remove one that is not used any more.',
        });
      });
      tell(states.drop(rule.id, now()));
      // The first rule begins the counting.
      if (!windows.isCounting) countCalls();
      lookAtServers();
      changes.emit('alerts');
      return rule;
    },
    async remove(id) {
      await kept.change((list) => {
        const rest = list.filter((rule) => rule.id !== id);
        if (rest.length < list.length) return rest;
        throw new PatchbayError('NOT_FOUND', `There is no alert rule ${JSON.stringify(id)}.`);
      });
      tell(states.drop(id, now()));
      keptAlerts.keep(states.kept());
      changes.emit('alerts');
    },
    list: () => states.list(),
    prometheus: () => prometheusRules(rules().filter(({ enabled }) => enabled)),
    async close() {
      clearInterval(timer);
      clearTimeout(settling);
      unsubscribe();
      await keptAlerts.finish(states.kept());
    },
  };
}

function assertSensible({ kind, tool, threshold }: AlertRule): void {
  if (kind === 'server-down' && tool !== undefined) {
    throw new PatchbayError('INPUT_INVALID', 'A server is down as a whole: such a rule names no tool.');
  }
  if (kind === 'error-rate' && threshold >= 100) {
    throw new PatchbayError('INPUT_INVALID', 'More than 100 percent of the calls cannot fail.', {
      hint: 'Give a percentage below 100.',
    });
  }
}
