import type { RestorableFile } from './restore-script.ts';

/**
 * What `restoreScript` does, for a Windows without Patchbay: Windows PowerShell 5.1, which every Windows has, and
 * later ones. Pure ASCII, because 5.1 reads a file without a byte order mark in the machine's old code page.
 */
export function powerShellRestoreScript(files: readonly RestorableFile[]): string {
  const calls = files.map(
    ({ target, backup, sha256Before, sha256After }) =>
      `Restore-Config ${literal(target)} ${literal(backup)} '${sha256Before}' '${sha256After}'`,
  );
  return `# Puts back the config files that Patchbay changed. Run it with:
#   powershell -NoProfile -ExecutionPolicy Bypass -File restore.ps1
# A file that was changed since is left alone; with -Force it is put back all the same.
param([switch]$Force)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$folder = Split-Path -Parent $MyInvocation.MyCommand.Path
$script:failed = 0

function Get-Sha256([string]$Path) {
  $sha = [System.Security.Cryptography.SHA256]::Create()
  try {
    $hash = $sha.ComputeHash([System.IO.File]::ReadAllBytes($Path))
    return [System.BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
  } finally {
    $sha.Dispose()
  }
}

function Restore-Config([string]$Target, [string]$Backup, [string]$Before, [string]$After) {
  $temp = $Target + '.patchbay-restore'
  try {
    $saved = [System.IO.Path]::Combine($folder, $Backup)
    if (-not [System.IO.File]::Exists($saved) -or (Get-Sha256 $saved) -ne $Before) {
      Write-Output ('left alone: ' + $Target + ' (the saved original ' + $Backup + ' is damaged)')
      $script:failed = 1
      return
    }
    $now = ''
    if ([System.IO.File]::Exists($Target)) { $now = Get-Sha256 $Target }
    if ($now -eq $Before) {
      Write-Output ('already as before: ' + $Target)
      return
    }
    if ($now -ne $After -and -not $Force) {
      Write-Output ('left alone: ' + $Target + ' (changed since; see README.txt)')
      $script:failed = 1
      return
    }
    [System.IO.File]::Copy($saved, $temp, $true)
    if ((Get-Sha256 $temp) -ne $Before) { throw 'The copy is not what was saved.' }
    # A plain $null would arrive as an empty path. Replacing keeps the access list of the file.
    if ($now -ne '') { [System.IO.File]::Replace($temp, $Target, [System.Management.Automation.Language.NullString]::Value) }
    else { [System.IO.File]::Move($temp, $Target) }
    Write-Output ('put back: ' + $Target)
  } catch {
    Write-Output ('failed: ' + $Target + ' (' + $_.Exception.Message + ')')
    if ([System.IO.File]::Exists($temp)) { [System.IO.File]::Delete($temp) }
    $script:failed = 1
  }
}

${calls.join('\n')}
exit $script:failed
`;
}

/**
 * A string that PowerShell reads back as it was. Within single quotes only the quote itself counts; whatever is not
 * printable ASCII, the typographic quotes that PowerShell takes for real ones among it, goes as Base64 of its UTF-8.
 */
function literal(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const encoded = Buffer.from(text).toString('base64');
  return `([System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String('${encoded}')))`;
}
