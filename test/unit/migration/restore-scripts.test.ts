import { describe, expect, it } from 'vitest';
import { backupReadme } from '../../../electron/hub/migration/backup-readme.ts';
import { powerShellRestoreScript } from '../../../electron/hub/migration/restore-script-powershell.ts';
import { restoreScript, type RestorableFile } from '../../../electron/hub/migration/restore-script.ts';

const file = (target: string): RestorableFile => ({
  target,
  backup: '1-claude-desktop.backup',
  mode: 0o600,
  sha256Before: 'a'.repeat(64),
  sha256After: 'b'.repeat(64),
});
const callOf = (target: string): string =>
  powerShellRestoreScript([file(target)])
    .split('\n')
    .find((line) => line.startsWith('Restore-Config '))!;

/** Reads a literal as PowerShell does: two quotes are one, Base64 is decoded. */
function targetIn(call: string): string {
  const encoded =
    /^Restore-Config \(\[System\.Text\.Encoding\]::UTF8\.GetString\(\[System\.Convert\]::FromBase64String\('([^']*)'\)\)\) /.exec(
      call,
    );
  if (encoded) return Buffer.from(encoded[1]!, 'base64').toString();
  return /^Restore-Config '((?:[^']|'')*)' /.exec(call)![1]!.replaceAll("''", "'");
}

describe('restore.ps1', () => {
  it.each([
    'C:\\Users\\Ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
    "C:\\Users\\O'Neil\\$env:TEMP `n $(calc) [a]*?\\c.json",
    'C:\\Users\\Zoë\\config.json',
    // PowerShell takes these for quotes too.
    'C:\\Users\\\u2018x\u2019\u201b\\c.json',
    '\\\\server\\share\\new\nline\\c.json',
    "'; Remove-Item C:\\ -Recurse; '",
  ])('names %j as it is, whatever is in it', (target) => {
    const call = callOf(target);
    expect(targetIn(call)).toBe(target);
    expect(call.endsWith(` '1-claude-desktop.backup' '${'a'.repeat(64)}' '${'b'.repeat(64)}'`)).toBe(true);
  });

  const script = powerShellRestoreScript([file("C:\\it's\\Zoë.json")]);

  it('is pure ASCII with plain line ends: Windows PowerShell 5.1 reads it in an old code page', () => {
    expect(script).toMatch(/^[\x20-\x7e\n]+$/);
  });

  it('checks both hashes before it writes, and writes beside before it replaces', () => {
    const order = [
      '(Get-Sha256 $saved) -ne $Before',
      '$now -eq $Before',
      '$now -ne $After -and -not $Force',
      '[System.IO.File]::Copy($saved, $temp, $true)',
      '(Get-Sha256 $temp) -ne $Before',
      '[System.IO.File]::Replace($temp, $Target,',
    ].map((step) => script.indexOf(step));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('says the same words as restore.sh', () => {
    const shell = restoreScript([file('/c.json')]);
    for (const words of [
      'put back: ',
      'already as before: ',
      'left alone: ',
      'failed: ',
      'changed since; see README.txt',
      'is damaged)',
    ]) {
      expect(script).toContain(words);
      expect(shell).toContain(words);
    }
  });

  it('balances its quotes, brackets and braces', () => {
    // Comments and single-quoted strings aside, each opening has its end; there are no other strings.
    const code = script.replace(/^\s*#.*$/gm, '').replace(/'(?:[^']|'')*'/g, '');
    expect(code).not.toMatch(/['"]/);
    const open: string[] = [];
    const ends: Record<string, string> = { ')': '(', '}': '{', ']': '[' };
    for (const character of code) {
      if ('({['.includes(character)) open.push(character);
      else if (ends[character]) expect(open.pop()).toBe(ends[character]);
    }
    expect(open).toEqual([]);
  });
});

describe('README.txt', () => {
  const readme = backupReadme(
    '2026-11-21T09:00:00.000Z',
    "/home/ada/it's/data/migrations/20261121T090000Z-0123456789ab",
    [file('/home/ada/new\nline/.claude.json')],
  );

  it('names every way back, with commands that can be copied', () => {
    expect(readme).toContain('patchbay rollback --migration 20261121T090000Z-0123456789ab');
    expect(readme).toContain(
      `sh '/home/ada/it'\\''s/data/migrations/20261121T090000Z-0123456789ab/restore.sh'`,
    );
    expect(readme).toContain(
      '-File "/home/ada/it\'s/data/migrations/20261121T090000Z-0123456789ab/restore.ps1"',
    );
    expect(readme).toContain('certutil -hashfile FILE SHA256');
  });

  it('keeps a path on its line', () => {
    expect(readme).toContain('  /home/ada/new\\u000aline/.claude.json\n');
  });
});
