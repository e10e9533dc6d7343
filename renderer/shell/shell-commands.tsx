import { useMemo, useState } from 'react';
import { type Command, useCommands } from '../lib/commands.ts';
import { navigate, type Route } from '../lib/route.ts';
import { useIsDark, useTheme } from '../lib/theme.ts';
import { messages } from '../messages/messages.ts';
import { CommandPalette } from './command-palette.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { useKeyDispatch } from './use-key-dispatch.ts';

const text = messages.commands;

const PLACES: readonly { route: Route; keys: string }[] = [
  { route: { screen: 'traffic', filter: '', exchange: null }, keys: 'g t' },
  { route: { screen: 'latency' }, keys: 'g l' },
  { route: { screen: 'servers', server: null }, keys: 'g s' },
  { route: { screen: 'clients' }, keys: 'g c' },
  { route: { screen: 'setup', step: 'found', clients: [] }, keys: 'g u' },
  { route: { screen: 'settings' }, keys: 'g ,' },
];

/** What can be done on every screen, the palette to find it and the sheet of keys. */
export function ShellCommands() {
  const [open, setOpen] = useState<'palette' | 'sheet' | null>(null);
  const { choose } = useTheme();
  const other = useIsDark() ? 'light' : 'dark';
  const commands = useMemo(
    (): Command[] => [
      {
        id: 'shell.palette',
        label: text.openPalette,
        group: text.groups.general,
        keys: 'mod+k',
        isKeyOnly: true,
        run: () => setOpen((now) => (now === 'palette' ? null : 'palette')),
      },
      {
        id: 'shell.shortcuts',
        label: text.openSheet,
        group: text.groups.general,
        keys: '?',
        run: () => setOpen('sheet'),
      },
      {
        id: 'shell.theme',
        label: messages.theme.switchTo[other],
        group: text.groups.general,
        run: () => choose(other),
      },
      ...PLACES.map(({ route, keys }): Command => ({
        id: `shell.go.${route.screen}`,
        label: text.goTo(messages.navigation[route.screen]),
        group: text.groups.go,
        keys,
        run: () => navigate(route),
      })),
    ],
    [choose, other],
  );
  useCommands(commands);
  useKeyDispatch();
  const close = (): void => setOpen(null);
  return (
    <>
      <CommandPalette isOpen={open === 'palette'} onClose={close} />
      <ShortcutSheet isOpen={open === 'sheet'} onClose={close} />
    </>
  );
}
