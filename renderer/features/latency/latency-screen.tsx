import { useMemo } from 'react';
import { type Command, useCommands } from '../../lib/commands.ts';
import { useResource } from '../../lib/hub-context.tsx';
import { navigate, type Route } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Screen } from '../../ui/screen.tsx';
import { TabLinks } from '../../ui/tab-links.tsx';
import { AlertsView } from './alerts/alerts-view.tsx';
import { LatencyControls } from './latency-controls.tsx';
import { ToolsView } from './tools-view.tsx';

const text = messages.latency;

/** A place on this screen. */
export type LatencyRoute = Extract<Route, { screen: 'latency' }>;

const COMMANDS: readonly Command[] = [
  {
    id: 'latency.tools',
    label: text.commands.tools,
    group: text.group,
    run: () => navigate({ screen: 'latency' }),
  },
  {
    id: 'latency.alerts',
    label: text.commands.alerts,
    group: text.group,
    run: () => navigate({ screen: 'latency', tab: 'alerts' }),
  },
];

/** How fast each tool is, computed in the hub, and the rules that watch over it. */
export function LatencyScreen({ route }: { route: LatencyRoute }) {
  const { data } = useResource('alerts');
  const firing = useMemo(() => data?.alerts.filter(({ state }) => state === 'firing').length ?? 0, [data]);
  const isAlerts = route.tab === 'alerts';
  const { tab: _, ...tools } = route;
  useCommands(COMMANDS);
  return (
    <Screen
      title={text.title}
      controls={
        <>
          <TabLinks
            label={text.tabs.label}
            tabs={[
              { label: text.tabs.tools, route: tools, isCurrent: !isAlerts },
              {
                label: text.tabs.alerts,
                route: { ...tools, tab: 'alerts' },
                isCurrent: isAlerts,
                count: firing,
                countLabel: messages.alerts.firing,
              },
            ]}
          />
          {!isAlerts && <LatencyControls route={route} />}
        </>
      }
    >
      {isAlerts ? <AlertsView /> : <ToolsView route={route} />}
    </Screen>
  );
}
