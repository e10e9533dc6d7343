import type { ClientId, Scope } from '../../../shared/model/client.ts';
import type { ParityRow } from '../../../shared/model/migration.ts';

interface LaunchBase {
  client: ClientId;
  /** Name of the entry in the client's file. */
  server: string;
  scope: Scope;
  /** Folder of the project for `local` and `project` scope. */
  project?: string;
  /** `direct`: the original server; `shim`: through ours, which may reach the hub or go around it; `hub`: its URL. */
  route: 'direct' | 'shim' | 'hub';
}

/** One entry to start exactly as its client would: no shell, and nothing of our own environment added. */
export interface StdioLaunch extends LaunchBase {
  command: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment of the child: what the client itself passes on, plus the entry's own `env`. */
  env: Readonly<Record<string, string>>;
}

/** One entry that is a URL, asked over Streamable HTTP as its client would. */
export interface HttpLaunch extends LaunchBase {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** For `roots/list`. */
  cwd: string;
}

export type WitnessLaunch = StdioLaunch | HttpLaunch;

/** What one launch answered. Never rejects for a server that fails: that is a finding, kept in `error`. */
export interface ProbeResult {
  launch: WitnessLaunch;
  /**
   * Tool name to a hash of the rest of its definition as canonical JSON; null when the server did not answer.
   */
  tools: ReadonlyMap<string, string> | null;
  /** The same for `prompt NAME`, `resource URI` and `template URI`. Absent: not asked for. */
  features?: ReadonlyMap<string, string>;
  /** The era it was spoken to in: the newer one only where a server refuses the older. */
  era?: 'legacy' | 'modern';
  /** From spawn to the end of the handshake; null when it never came that far. */
  startMs: number | null;
  /** Median of up to 21 warm `tools/list`; null when there was no answer. */
  latencyMs: number | null;
  /** One sentence, free of secrets. */
  error?: string;
  /** The way the frames really went. A `shim` launch that never said hello to a hub is a `bypass`. */
  route: 'hub' | 'bypass' | 'direct';
}

/** Starts servers, asks for their tools and ends them again; nothing is left running when a call settles. */
export interface Witness {
  /**
   * One result per launch, in the order of `launches`; how many run at once, and for how long, is the witness's own
   * limit. Rejects only when `signal` is aborted.
   */
  probe(launches: readonly WitnessLaunch[], signal: AbortSignal): Promise<ProbeResult[]>;
  /**
   * Pure: one row per entry of `after`, matched by client, server, scope and project; an entry that has no partner
   * in `before` is a row with `toolsBefore: null`.
   */
  compare(before: readonly ProbeResult[], after: readonly ProbeResult[]): ParityRow[];
}
