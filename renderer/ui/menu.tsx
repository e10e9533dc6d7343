import { Menu as BaseMenu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';

const itemClass =
  'flex min-h-7 cursor-default items-center gap-2 rounded-md px-2 text-sm text-ink outline-none select-none data-disabled:text-faint data-highlighted:bg-hover';

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<Record<string, unknown>>;
  children: ReactNode;
  isOpen?: boolean;
  onOpenChange?(isOpen: boolean): void;
  align?: 'start' | 'end';
}

/** A list of things to do behind a button: arrow keys, typing ahead and Escape work as in any menu. */
export function Menu({ trigger, children, isOpen, onOpenChange, align = 'end' }: MenuProps) {
  return (
    <BaseMenu.Root
      {...(isOpen === undefined ? {} : { open: isOpen })}
      {...(onOpenChange ? { onOpenChange: (open: boolean) => onOpenChange(open) } : {})}
      modal={false}
    >
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align={align} className="z-30 outline-none">
          <BaseMenu.Popup className="max-h-[min(26rem,var(--available-height))] min-w-48 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-pop outline-none">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

interface MenuItemProps {
  icon?: ReactNode;
  /** A word or two at the end. */
  note?: ReactNode;
  /** A second line, such as why it cannot be done. */
  hint?: string | null;
  isDisabled?: boolean;
  onSelect(): void;
  children: ReactNode;
}

/** One thing to do. */
export function MenuItem({ icon, note, hint, isDisabled = false, onSelect, children }: MenuItemProps) {
  return (
    <BaseMenu.Item className={itemClass} disabled={isDisabled} onClick={onSelect}>
      {icon}
      <Label hint={hint}>{children}</Label>
      {note !== undefined && <span className="text-xs text-muted">{note}</span>}
    </BaseMenu.Item>
  );
}

/** The hint wraps instead of making the menu as wide as itself. */
function Label({ hint, children }: Pick<MenuItemProps, 'hint' | 'children'>) {
  if (!hint) return <span className="min-w-0 flex-1 truncate">{children}</span>;
  return (
    <span className="max-w-64 min-w-0 flex-1 py-1">
      {children}
      <span className="block text-xs text-muted">{hint}</span>
    </span>
  );
}

interface MenuCheckProps {
  isChecked: boolean;
  /** A second line. */
  hint?: string;
  isDisabled?: boolean;
  onToggle(): void;
  children: ReactNode;
}

/** Something that is on or off; the menu stays open for the next one. */
export function MenuCheck({ isChecked, hint, isDisabled = false, onToggle, children }: MenuCheckProps) {
  return (
    <BaseMenu.CheckboxItem
      className={itemClass}
      checked={isChecked}
      disabled={isDisabled}
      onCheckedChange={onToggle}
      closeOnClick={false}
    >
      <span className="grid size-3.5 shrink-0 place-items-center rounded-[3px] border border-line-strong text-accent">
        <BaseMenu.CheckboxItemIndicator>
          <Check aria-hidden="true" className="size-3" />
        </BaseMenu.CheckboxItemIndicator>
      </span>
      <Label hint={hint}>{children}</Label>
    </BaseMenu.CheckboxItem>
  );
}

/** Items under a heading. */
export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className="px-2 pt-1.5 pb-0.5 text-2xs font-medium text-muted">
        {label}
      </BaseMenu.GroupLabel>
      {children}
    </BaseMenu.Group>
  );
}

export const MenuSeparator = () => <BaseMenu.Separator className="my-1 h-px bg-line" />;
