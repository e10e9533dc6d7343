import type { ReactNode } from 'react';
import { Banners } from './banners.tsx';
import { NavigationRail } from './navigation-rail.tsx';
import { ShellCommands } from './shell-commands.tsx';
import { StatusBar } from './status-bar.tsx';

/** The frame around every screen: navigation, what must not be missed, the screen, the hub's state. */
export function AppShell({ children }: { children: ReactNode }) {
  return (
    <div className="grid h-full grid-cols-[3.25rem_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_1.625rem] min-[1040px]:grid-cols-[11.5rem_minmax(0,1fr)]">
      <NavigationRail />
      <main className="flex min-h-0 min-w-0 flex-col border-l border-line">
        <Banners />
        <div className="min-h-0 flex-1">{children}</div>
      </main>
      <StatusBar />
      <ShellCommands />
    </div>
  );
}
