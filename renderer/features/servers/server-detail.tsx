import type { ServerView } from '../../../shared/model/server.ts';
import type { ServerViewName } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { StatusDot } from '../../ui/status-dot.tsx';
import { TabLinks } from '../../ui/tab-links.tsx';
import { ServerActions } from './server-actions.tsx';
import { ServerOverview } from './server-overview.tsx';
import { ServerSettings } from './server-settings.tsx';
import { ServerTools } from './server-tools.tsx';
import { ServerSharing } from './sharing-view.tsx';
import { STATE_TONES } from './state-tones.ts';

const text = messages.servers;

/** One server: what it is doing, what it offers, its settings, and what sharing it would save. */
export function ServerDetail({ server, view }: { server: ServerView; view: ServerViewName | null }) {
  const isLocal = server.transport === 'stdio';
  const route = { screen: 'servers', server: server.name } as const;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 pt-3 pb-2">
        <h2 className="min-w-0 text-lg font-semibold text-hostile">
          <SafeText text={server.name} />
        </h2>
        <span className="text-muted">
          <StatusDot tone={STATE_TONES[server.state]}>{text.state[server.state]}</StatusDot>
        </span>
        <span className="flex-1" />
        <ServerActions server={server} />
        <div className="basis-full">
          <TabLinks
            label={text.views.label}
            tabs={[
              { label: text.views.overview, route, isCurrent: view === null },
              { label: text.views.tools, route: { ...route, view: 'tools' }, isCurrent: view === 'tools' },
              {
                label: text.views.settings,
                route: { ...route, view: 'settings' },
                isCurrent: view === 'settings',
              },
              {
                label: text.views.sharing,
                route: { ...route, view: 'sharing' },
                isCurrent: view === 'sharing',
              },
            ]}
          />
        </div>
      </header>
      {view === null && <ServerOverview server={server} />}
      {view === 'tools' && <ServerTools name={server.name} />}
      {view === 'settings' && (
        <ServerSettings
          name={server.name}
          isLocal={isLocal}
          revision={`${server.isolation} ${server.warm}`}
        />
      )}
      {view === 'sharing' && <ServerSharing name={server.name} isLocal={isLocal} />}
    </div>
  );
}
