import { CSPProvider } from '@base-ui/react/csp-provider';
import { ClientsScreen } from './features/clients/clients-screen.tsx';
import { TimeMachine } from './features/clients/time-machine.tsx';
import { LatencyScreen } from './features/latency/latency-screen.tsx';
import { ServersScreen } from './features/servers/servers-screen.tsx';
import { SettingsScreen } from './features/settings/settings-screen.tsx';
import { SetupScreen } from './features/setup/setup-screen.tsx';
import { TrafficScreen } from './features/traffic/traffic-screen.tsx';
import { HubProvider, type HubServices } from './lib/hub-context.tsx';
import { formatRoute, type Route, useRoute } from './lib/route.ts';
import { AppShell } from './shell/app-shell.tsx';
import { ConnectionGate } from './shell/connection-gate.tsx';
import { FailureBoundary } from './shell/failure-boundary.tsx';

/** The whole app over its services. */
export function App({ services }: { services: HubServices }) {
  return (
    <CSPProvider disableStyleElements>
      <HubProvider value={services}>
        <ConnectionGate>
          <AppShell>
            <CurrentScreen />
          </AppShell>
        </ConnectionGate>
      </HubProvider>
    </CSPProvider>
  );
}

function CurrentScreen() {
  const route = useRoute();
  return (
    <FailureBoundary extent="screen" place={formatRoute(route)}>
      <ScreenAt route={route} />
    </FailureBoundary>
  );
}

function ScreenAt({ route }: { route: Route }) {
  switch (route.screen) {
    case 'traffic':
      return <TrafficScreen filter={route.filter} exchange={route.exchange} />;
    case 'latency':
      return <LatencyScreen route={route} />;
    case 'servers':
      return <ServersScreen selected={route.server} view={route.view ?? null} />;
    case 'clients':
      return route.config === undefined ? <ClientsScreen /> : <TimeMachine config={route.config} />;
    case 'settings':
      return <SettingsScreen />;
    case 'setup':
      return <SetupScreen place={route} />;
  }
}
