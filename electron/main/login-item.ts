import { app } from 'electron';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LANGUAGES } from '../../shared/language/language.ts';
import type { ProgramCommand } from './hub-messages.ts';
import { messagesIn } from './messages/messages.ts';
import type { DesktopRuntime } from './program-commands.ts';

/** Starting with the session. Always read back from the system: people change it there too. */
export interface LoginItem {
  /** Null where this installation cannot be started at login. */
  isEnabled(): boolean | null;
  /** Throws when the system refuses. */
  setEnabled(isEnabled: boolean): void;
}

/** `configHome` is used on Linux only. */
export function createLoginItem(
  { os, packaged }: Pick<DesktopRuntime, 'os' | 'packaged'>,
  launch: ProgramCommand,
  configHome: string,
): LoginItem {
  if (os === 'linux') return autostartFile(launch, configHome);
  // Not installed, the system would register the bare Electron.
  return packaged ? systemLoginItem(os, launch) : { isEnabled: () => null, setEnabled: () => {} };
}

function systemLoginItem(os: NodeJS.Platform, launch: ProgramCommand): LoginItem {
  // macOS keeps no arguments; there the app asks whether it was opened at login.
  const options = os === 'win32' ? { path: launch.command, args: launch.args } : {};
  return {
    isEnabled: () => app.getLoginItemSettings(options).openAtLogin,
    setEnabled: (openAtLogin) => app.setLoginItemSettings({ ...options, openAtLogin }),
  };
}

/** Freedesktop autostart: Electron has no login item on Linux. */
function autostartFile(launch: ProgramCommand, configHome: string): LoginItem {
  const file = path.join(configHome, 'autostart', 'patchbay.desktop');
  return {
    isEnabled() {
      try {
        return !/^Hidden=true$/m.test(readFileSync(file, 'utf8'));
      } catch {
        return false;
      }
    },
    setEnabled(isEnabled) {
      if (!isEnabled) return rmSync(file, { force: true });
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, autostartEntry(launch));
    },
  };
}

/** Text of the autostart entry; words are quoted as the Desktop Entry Specification's `Exec` key wants them. */
export function autostartEntry({ command, args }: ProgramCommand): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Patchbay',
    `Comment=${messagesIn('en').login.comment}`,
    ...LANGUAGES.filter((language) => language !== 'en').map(
      (language) => `Comment[${language}]=${messagesIn(language).login.comment}`,
    ),
    `Exec=${[command, ...args].map(quoteExecWord).join(' ')}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

function quoteExecWord(word: string): string {
  // Two layers: quoting within Exec, then the escape rule of all string values; `%` starts a field code.
  const quoted = word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${quoted.replaceAll('\\', '\\\\')}"`;
}
