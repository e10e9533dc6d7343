import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** Says why there is nothing and what to do about it. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex h-full min-h-56 flex-col items-center justify-center gap-2 p-8 text-center">
      <div aria-hidden="true" className="mb-1 text-faint [&>svg]:size-7 [&>svg]:stroke-[1.25]">
        {icon}
      </div>
      <h2 className="text-base font-medium text-ink">{title}</h2>
      {children && <div className="max-w-[44ch] text-muted">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
