import { classNames } from './class-names.ts';

interface SegmentedProps<T extends string> {
  /** What is chosen here, for screen readers. */
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange(value: T): void;
}

/** One choice out of a few, all visible: native radio buttons, so that arrow keys work as everywhere. */
export function Segmented<T extends string>({ label, options, value, onChange }: SegmentedProps<T>) {
  return (
    <fieldset className="inline-flex h-7 w-fit shrink-0 items-center rounded-md border border-line bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={classNames(
            'inline-flex h-full cursor-pointer items-center rounded-[5px] px-2 text-xs transition-colors has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option.value === value ? 'bg-raised font-medium text-ink shadow-xs' : 'text-muted hover:text-ink',
          )}
        >
          <input
            type="radio"
            name={label}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="sr-only"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
