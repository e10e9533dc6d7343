import type { ClientId, RunningClient, Scope } from '../../../shared/model/client.ts';
import type { Platform } from '../data-folder.ts';
import type { ProjectPlaces, Surroundings } from './surroundings.ts';

/** One process of the machine, as far as the platform tells. */
export interface ProcessFacts {
  pid: number;
  ppid: number;
  name: string;
  /** Executable path; empty when unknown. */
  path: string;
  /** May hold secrets of other programs: never logged, never sent anywhere. */
  cmd: string;
  startedAt: string | null;
}

/** A config file a client reads, whether or not it exists. */
export interface ConfigFile {
  path: string;
  client: ClientId;
  /** Lock directory the client itself takes before it writes (`proper-lockfile` style), where it has one. */
  clientLock?: string;
  /** True when the client overwrites the file from its memory, so that it must not run while we write. */
  mustNotRun: boolean;
  /** A file the client reads instead of this one wherever it exists; `currentConfigFiles` looks. */
  replacedBy?: string;
  /** Files that the client reads instead where one exists; it is listed all the same, and left alone then. */
  hiddenBy?: readonly string[];
  /** Folder of the project whose file this is: shared with others, and only ever read. */
  project?: string;
}

/** Where in the file an object of entries sits: a path of keys from the root, and what it means. */
export interface EntryTable {
  keys: string[];
  scope: Scope;
  project?: string;
}

/** How a client finds what is in project folders. */
export interface ProjectLayout {
  /** Folders of all projects a parsed config file knows. */
  known(root: unknown): string[];
  /** The folders whose shared config counts in a folder, nearest first. */
  foldersUpward(folder: string, os: NodeJS.Platform): string[];
  places(project: string, os: NodeJS.Platform): ProjectPlaces;
}

/**
 * All that differs between clients, as data and pure functions: no file is opened and no process started here.
 * `currentConfigFiles` and `detectRunning` add what only the live machine can tell.
 */
export interface ClientAdapter {
  id: ClientId;
  name: string;
  configFiles(platform: Platform): ConfigFile[];
  /** Every table of entries in a parsed file, absent tables left out. */
  entryTables(root: unknown): EntryTable[];
  /** What else on the machine bears on this client's servers. */
  surroundings?(platform: Platform): Surroundings;
  /** For a client that has configs in project folders. */
  projects?: ProjectLayout;
  /** True when an entry may be the URL of a Streamable HTTP server. */
  speaksHttp?: boolean;
  /** Whether `${VAR}` in command and args is expanded by this client before it starts a server. */
  expandsVariables: boolean;
  /**
   * The environment and folder this client gives a server, for the witness to launch it exactly so. `entryEnv` is
   * the entry's own `env`, already expanded where the client expands it.
   */
  launch(
    table: EntryTable,
    entryEnv: Record<string, string>,
    platform: Platform,
  ): { env: Record<string, string>; cwd: string };
  /** Which of the running processes are this client, by executable alone: whose home they serve is not asked. */
  findRunning(processes: readonly ProcessFacts[], platform: Platform): RunningClient[];
  /** Folder where the client keeps one `<pid>.json` per live session, in Claude Code's format. */
  sessionFolder?(platform: Platform): string;
  /** Files or folders whose existence shows that the client is installed. */
  installMarks(platform: Platform): string[];
}
