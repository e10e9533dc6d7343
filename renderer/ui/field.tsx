import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

/** Looks shared by every text input. */
export const inputClass =
  'h-7 w-full rounded-md border border-line-strong bg-surface px-2 text-ink placeholder:text-faint aria-invalid:border-danger disabled:opacity-60';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  /** Gets the ids that tie the control to its label and its texts. */
  children(ids: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }): ReactNode;
}

/** A label, a control, and what there is to say about it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': note ? `${id}-note` : undefined, 'aria-invalid': Boolean(error) })}
      {note && (
        <p
          id={`${id}-note`}
          className={classNames('text-xs text-hostile', error ? 'text-danger' : 'text-muted')}
        >
          {note}
        </p>
      )}
    </div>
  );
}

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'className'> {
  children: ReactNode;
}

/** A native checkbox with its label. */
export function Checkbox({ children, ...rest }: CheckboxProps) {
  return (
    <label className="inline-flex items-center gap-2 has-disabled:cursor-not-allowed">
      <input type="checkbox" className="size-3.5 shrink-0 accent-accent" {...rest} />
      {children}
    </label>
  );
}
