import type { Platform } from '../data-folder.ts';
import { joinerFor, localFolder, roamingFolder, xdgConfigFolder } from './platform-paths.ts';
import type { SourcePlace, Surroundings } from './surroundings.ts';
import { policyKeys } from './windows-policies.ts';

/** The publisher part is a hash of Anthropic's certificate subject, the same on every machine. */
export const MSIX_PACKAGE_FAMILY = 'Claude_pzs8sxrjxfjjc';

/**
 * The app's user data folders. On Windows the packaged app's private one comes first: what is in it hides what is in
 * the other, and it comes to be when the app saves for the first time.
 */
export const userDataFolders = (platform: Platform): string[] => dataFolders(platform, 'Claude');

/** Those of the same app when it is set up for another provider's models; it has its own list of servers. */
const thirdPartyFolders = (platform: Platform): string[] =>
  platform.os === 'win32'
    ? [
        joinerFor('win32')(
          localFolder(platform),
          'Packages',
          MSIX_PACKAGE_FAMILY,
          'LocalCache',
          'Local',
          'Claude-3p',
        ),
        joinerFor('win32')(localFolder(platform), 'Claude-3p'),
      ]
    : dataFolders(platform, 'Claude-3p');

function dataFolders(platform: Platform, name: string): string[] {
  const join = joinerFor(platform.os);
  if (platform.os === 'win32') {
    return [
      join(localFolder(platform), 'Packages', MSIX_PACKAGE_FAMILY, 'LocalCache', 'Roaming', name),
      join(roamingFolder(platform), name),
    ];
  }
  return platform.os === 'darwin'
    ? [join(platform.home, 'Library', 'Application Support', name)]
    : [join(xdgConfigFolder(platform), name)];
}

/** All that bears on Claude Desktop's servers beside its config. */
export function claudeDesktopSurroundings(platform: Platform): Surroundings {
  const join = joinerFor(platform.os);
  return {
    exclusiveConfigs: [],
    settings: [],
    managedSettingsFolders: [],
    opaquePolicies:
      platform.os === 'darwin' ? ['/Library/Managed Preferences/com.anthropic.claudefordesktop.plist'] : [],
    managedPreferences: [],
    registryPolicies: platform.os === 'win32' ? policyKeys('Claude', null) : [],
    agentFolders: [],
    sources: [
      ...userDataFolders(platform).flatMap((folder): SourcePlace[] => [
        {
          kind: 'extensions',
          index: join(folder, 'extensions-installations.json'),
          folder: join(folder, 'Claude Extensions'),
          settings: join(folder, 'Claude Extensions Settings'),
        },
        {
          kind: 'mark',
          path: folder,
          source: {
            kind: 'connectors',
            name: 'Connectors of the account',
            note: 'They are called from Anthropic’s servers, not from this machine, so they cannot be routed.',
          },
        },
      ]),
      ...thirdPartyFolders(platform).map((path): SourcePlace => ({
        kind: 'mark',
        path,
        source: {
          kind: 'third-party',
          name: 'Claude Desktop with another provider',
          note: 'Its servers are set by its own profiles, which Patchbay does not change.',
        },
      })),
    ],
  };
}
