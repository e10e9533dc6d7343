import { needsOwner } from './call-context.ts';
import { withCallErrors } from './call-errors.ts';
import type { HubServices } from './hub-services.ts';
import type { Implementer } from './implement-contract.ts';

const ok = { ok: true as const };

/** What was said: live, from the log, in numbers, and what people keep of it. */
export function trafficRoutes(
  os: Implementer,
  {
    traffic,
    exports,
    replay,
    alerts,
    savedFilters,
  }: Pick<HubServices, 'traffic' | 'exports' | 'replay' | 'alerts' | 'savedFilters'>,
) {
  return {
    traffic: {
      list: os.traffic.list.handler(({ input }) => traffic.list(input)),
      search: os.traffic.search.handler(async function* ({ input, signal }) {
        yield* withCallErrors(traffic.search(input, signal ?? new AbortController().signal));
      }),
      live: os.traffic.live.handler(async function* ({ input, signal }) {
        yield* withCallErrors(traffic.live(input.filter, signal ?? new AbortController().signal));
      }),
      took: os.traffic.took.handler(({ input }) => {
        traffic.took(input.feed, input.number);
        return ok;
      }),
      get: os.traffic.get.handler(({ input }) => traffic.get(input.id)),
      context: os.traffic.context.handler(({ input }) => traffic.context(input.id)),
      histogram: os.traffic.histogram.handler(({ input, signal }) => traffic.histogram(input, signal)),
      replay: os.traffic.replay.handler(({ input, context }) => {
        needsOwner(context);
        return replay.send(input.id, input.params);
      }),
      export: os.traffic.export.handler(async function* ({ input, signal }) {
        yield* withCallErrors(exports.file(input, signal ?? new AbortController().signal));
      }),
      sendSpans: os.traffic.sendSpans.handler(({ input, context }) => {
        needsOwner(context);
        return exports.sendSpans(input);
      }),
      annotations: os.traffic.annotations.handler(() => traffic.annotations()),
      annotate: os.traffic.annotate.handler(async ({ input: { id, ...annotation } }) => {
        await traffic.annotate(id, annotation);
        return ok;
      }),
    },
    latency: {
      table: os.latency.table.handler(({ input, signal }) => traffic.latency(input, signal)),
      distribution: os.latency.distribution.handler(({ input, signal }) =>
        traffic.distribution(input, signal),
      ),
    },
    alerts: {
      rules: os.alerts.rules.handler(() => alerts.rules()),
      save: os.alerts.save.handler(({ input }) => alerts.save(input)),
      remove: os.alerts.remove.handler(async ({ input }) => {
        await alerts.remove(input.id);
        return ok;
      }),
      list: os.alerts.list.handler(() => alerts.list()),
      prometheus: os.alerts.prometheus.handler(() => ({ yaml: alerts.prometheus() })),
    },
    filters: {
      list: os.filters.list.handler(() => savedFilters.list()),
      save: os.filters.save.handler(async ({ input }) => {
        await savedFilters.save(input);
        return ok;
      }),
      remove: os.filters.remove.handler(async ({ input }) => {
        await savedFilters.remove(input.name);
        return ok;
      }),
    },
  };
}
