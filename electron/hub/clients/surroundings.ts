import type { ServerSource } from '../../../shared/model/client.ts';
import type { RegistryPolicy } from './windows-policies.ts';

/** A settings file of a client. */
export interface SettingsPlace {
  path: string;
  /** Laid down by an administrator: it wins, and the person cannot change it. */
  managed: boolean;
  /** Set for the settings of one project. */
  project?: string;
}

/** Servers that others bring to a client, where their list can be found. */
export type SourcePlace =
  /** Claude Code's list of installed plugins. */
  | { kind: 'plugin-index'; path: string }
  /** Claude Desktop's installed extensions: an index, a folder with one folder for each, and their switches. */
  | { kind: 'extensions'; index: string; folder: string; settings: string }
  /** A path whose existence alone says something. */
  | { kind: 'mark'; path: string; source: Omit<ServerSource, 'path' | 'servers'> };

/**
 * What else on the machine bears on a client's servers, as data. `readSurroundings` looks which of it is there;
 * nothing of it is ever written, except for permission rules in settings that a plan showed.
 */
export interface Surroundings {
  /** While one of these exists, the client loads its servers and no others. */
  exclusiveConfigs: readonly string[];
  settings: readonly SettingsPlace[];
  /** Folders of settings files, all of them an administrator's; read in the order of their names. */
  managedSettingsFolders: readonly string[];
  /** Policies in a format that is not read: that they exist is all that can be told. */
  opaquePolicies: readonly string[];
  /** On macOS, where device management lays down preferences: property lists with the client's settings. */
  managedPreferences: readonly string[];
  /** On Windows, where device management writes to the registry. */
  registryPolicies: readonly RegistryPolicy[];
  /** Folders of Markdown files, each a sub-agent. */
  agentFolders: readonly string[];
  sources: readonly SourcePlace[];
}

/** What a project folder may hold for a client, as data. */
export interface ProjectPlaces {
  /** Shared with everyone who has the folder. */
  config: string;
  settings: readonly SettingsPlace[];
  agentFolder: string;
}
