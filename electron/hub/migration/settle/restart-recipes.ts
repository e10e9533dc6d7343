import type { ProcessImage, StartCommand } from './process-control.ts';

/** How a desktop program is made to quit. `ask`: only the person can. */
export type QuitRecipe =
  | { way: 'signal' }
  | { way: 'run'; command: string; args: readonly string[] }
  | { way: 'ask'; words: string };

/**
 * How a program of this OS quits by itself, with its own questions to the person still asked. Windows has no way:
 * closing its window hides the app in the tray, and ending the process loses what is unsaved.
 */
export function quitRecipe(os: NodeJS.Platform, name: string, { executable }: ProcessImage): QuitRecipe {
  if (os === 'darwin') {
    const bundle = bundleOf(executable);
    if (bundle === null) return { way: 'ask', words: `Please quit ${name}.` };
    const script = `tell application ${appleScriptText(bundle)} to quit`;
    return { way: 'run', command: '/usr/bin/osascript', args: ['-e', script] };
  }
  if (os === 'win32') {
    return { way: 'ask', words: `Please quit ${name}: right-click its icon beside the clock, then Exit.` };
  }
  return { way: 'signal' };
}

/** How it is started again as it ran; null when that is not known. */
export function startRecipe(os: NodeJS.Platform, image: ProcessImage): StartCommand | null {
  const { executable, args, argv0, cwd, env } = image;
  if (executable === '') return null;
  if (os === 'darwin') {
    const bundle = bundleOf(executable);
    return bundle === null ? null : { command: '/usr/bin/open', args: ['-a', bundle] };
  }
  if (os === 'win32') {
    const family = packageFamily(executable);
    if (family === null) return { command: executable, args: [] };
    // Programs of a package are started by their id in the start menu; the path itself is closed to us.
    const query = `$app = Get-StartApps | Where-Object AppID -like '${family}!*' | Select-Object -First 1; Start-Process ('shell:AppsFolder\\' + $app.AppID)`;
    return { command: 'powershell.exe', args: ['-NoProfile', '-NonInteractive', '-Command', query] };
  }
  return {
    command: executable,
    args,
    ...(argv0 !== null && { argv0 }),
    ...(cwd !== null && { cwd }),
    ...(env !== null && { env }),
  };
}

/** `/Applications/Claude.app` of a program inside it. */
const bundleOf = (executable: string): string | null => /^(\/.+?\.app)\//.exec(executable)?.[1] ?? null;

const appleScriptText = (text: string): string => `"${text.replace(/[\\"]/g, (mark) => `\\${mark}`)}"`;

/** `Claude_pzs8sxrjxfjjc` of `…\WindowsApps\Claude_1.2.3.0_x64__pzs8sxrjxfjjc\app\Claude.exe`. */
function packageFamily(executable: string): string | null {
  const match = /\\WindowsApps\\([A-Za-z0-9.-]+)_[^\\]*__([a-z0-9]+)\\/i.exec(executable);
  return match ? `${match[1]}_${match[2]}` : null;
}
