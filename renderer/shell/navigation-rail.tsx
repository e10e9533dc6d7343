import {
  Activity,
  Cable,
  ChartNoAxesColumn,
  MonitorSmartphone,
  Moon,
  Server,
  Settings2,
  Sun,
} from 'lucide-react';
import type { ComponentType } from 'react';
import { formatCount } from '../lib/format.ts';
import { useResource } from '../lib/hub-context.tsx';
import { formatRoute, type Route, type Screen, useRoute } from '../lib/route.ts';
import { useIsDark, useTheme } from '../lib/theme.ts';
import { messages } from '../messages/messages.ts';
import { IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Logo } from '../ui/logo.tsx';

const ITEMS: readonly { route: Route; Icon: ComponentType<{ className?: string }> }[] = [
  { route: { screen: 'traffic', filter: '', exchange: null }, Icon: Activity },
  { route: { screen: 'latency' }, Icon: ChartNoAxesColumn },
  { route: { screen: 'servers', server: null }, Icon: Server },
  { route: { screen: 'clients' }, Icon: MonitorSmartphone },
  { route: { screen: 'settings' }, Icon: Settings2 },
];
const SETUP: Route = { screen: 'setup', step: 'found', clients: [] };

/** The way between screens; icons alone where the window is narrow. */
export function NavigationRail() {
  const { screen } = useRoute();
  const { data } = useResource('alerts');
  const firing = data?.alerts.filter(({ state }) => state === 'firing').length ?? 0;
  const { data: findings } = useResource('guardian');
  const open = findings?.filter(({ state }) => state === 'open').length ?? 0;
  const marks: Partial<Record<Screen, Mark>> = {
    latency: { count: firing, words: messages.alerts.firing },
    clients: { count: open, words: messages.navigation.toLookAt },
  };
  return (
    <nav aria-label={messages.navigation.label} className="flex min-h-0 flex-col gap-0.5 p-2">
      <div className="flex h-9 items-center gap-2 px-2 pb-1 min-[1040px]:px-1.5">
        <Logo className="size-5 shrink-0" />
        <span className="hidden text-base font-semibold tracking-tight min-[1040px]:inline">
          {messages.common.product}
        </span>
      </div>
      {ITEMS.map(({ route, Icon }) => (
        <RailLink
          key={route.screen}
          // Where something fires, what fires is what one wants to see.
          route={route.screen === 'latency' && firing > 0 ? { ...route, tab: 'alerts' } : route}
          Icon={Icon}
          current={screen}
          mark={marks[route.screen]}
        />
      ))}
      <div className="flex-1" />
      <RailLink route={SETUP} Icon={Cable} current={screen} />
      <ThemeSwitch />
    </nav>
  );
}

interface RailLinkProps {
  route: Route;
  Icon: ComponentType<{ className?: string }>;
  current: Screen;
  mark?: Mark | undefined;
}

/** How many things of a screen want to be looked at; none is not shown. */
interface Mark {
  count: number;
  words: string;
}

function RailLink({ route, Icon, current, mark }: RailLinkProps) {
  const isCurrent = current === route.screen;
  const label = messages.navigation[route.screen];
  return (
    <a
      href={formatRoute(route)}
      aria-current={isCurrent ? 'page' : undefined}
      title={label}
      className={classNames(
        'relative flex h-8 items-center gap-2.5 rounded-md px-2.5 transition-colors',
        isCurrent ? 'bg-active font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink',
      )}
    >
      <Icon className={classNames('size-4 shrink-0', isCurrent && 'text-accent')} />
      <span className="sr-only min-[1040px]:not-sr-only">{label}</span>
      {mark && mark.count > 0 && (
        <span className="absolute top-0 right-0 rounded-full bg-danger-fill px-1 text-2xs leading-4 font-medium text-danger-ink min-[1040px]:static min-[1040px]:ml-auto min-[1040px]:px-1.5">
          {formatCount(mark.count)}
          <span className="sr-only"> {mark.words}</span>
        </span>
      )}
    </a>
  );
}

function ThemeSwitch() {
  const { choose } = useTheme();
  const isDark = useIsDark();
  const other = isDark ? 'light' : 'dark';
  return (
    <IconButton
      label={messages.theme.switchTo[other]}
      icon={isDark ? <Sun className="size-4" /> : <Moon className="size-4" />}
      onClick={() => choose(other)}
      className="ml-1"
    />
  );
}
