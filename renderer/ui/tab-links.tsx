import { formatRoute, type Route } from '../lib/route.ts';
import { classNames } from './class-names.ts';

interface TabLinksProps {
  /** What is chosen here, for screen readers. */
  label: string;
  tabs: readonly {
    label: string;
    route: Route;
    isCurrent: boolean;
    count?: number | undefined;
    countLabel?: string;
  }[];
}

/** Parts of one screen. Links, because each has an address of its own: reload, back and deep links land in it. */
export function TabLinks({ label, tabs }: TabLinksProps) {
  return (
    <nav aria-label={label} className="flex h-7 shrink-0 items-stretch gap-1">
      {tabs.map((tab) => (
        <a
          key={tab.label}
          href={formatRoute(tab.route)}
          aria-current={tab.isCurrent ? 'page' : undefined}
          className={classNames(
            'inline-flex items-center gap-1.5 rounded-md px-2 text-sm whitespace-nowrap transition-colors',
            tab.isCurrent ? 'bg-active font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink',
          )}
        >
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && (
            <span className="rounded-full bg-danger-fill px-1.5 text-2xs font-medium text-danger-ink">
              {tab.count}
              {tab.countLabel && <span className="sr-only"> {tab.countLabel}</span>}
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
