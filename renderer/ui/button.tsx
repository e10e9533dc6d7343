import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

const VARIANTS = {
  primary:
    'border-transparent bg-accent font-medium text-accent-ink hover:bg-accent-strong disabled:bg-accent disabled:hover:bg-accent',
  default: 'border-line bg-raised text-ink hover:bg-hover',
  quiet: 'border-transparent text-muted hover:bg-hover hover:text-ink',
  danger: 'border-transparent bg-danger-fill font-medium text-danger-ink hover:brightness-110',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  variant?: keyof typeof VARIANTS;
  icon?: ReactNode;
}

/** The one button of the product. `type` is `button` unless said otherwise, so that none submits by accident. */
export function Button({ variant = 'default', icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames(
        'inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md border px-2.5 text-sm whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-50',
        VARIANTS[variant],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'children'> {
  label: string;
  icon: ReactNode;
  isPressed?: boolean;
}

/** A square button that shows only an icon; its label is what a screen reader says and a tooltip shows. */
export function IconButton({ label, icon, isPressed, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      className={classNames(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md transition-colors disabled:cursor-not-allowed disabled:opacity-50',
        isPressed ? 'bg-accent-soft text-accent' : 'text-muted hover:bg-hover hover:text-ink',
        className,
      )}
      {...rest}
    >
      {icon}
    </button>
  );
}
