import type { Era } from '../../../../shared/json-rpc/envelope.ts';
import { readEnvelope } from '../../frames/read-envelope.ts';
import { legacyIdentity, mergedCapabilities, type ClientIdentity } from './client-identity.ts';
import type { ConversationRecord } from './mux.ts';

/** What one client has said of itself and wants to hear of: all that outlives a hub. */
export class ClientState {
  /** Level of the log lines a legacy client wants; null while it has not said. */
  logLevel: string | null = null;
  /** It began with an earlier hub. */
  isRestored = false;
  isInitialized = false;
  /** URIs that a legacy client watches, as it knows them. */
  readonly watched = new Set<string>();
  #legacy: { identity: ClientIdentity; frame: string } | null = null;
  #modern: ClientIdentity | null = null;
  #changed: () => void = () => {};

  /** null until the client has said something that tells. */
  get era(): Era | null {
    if (this.#legacy) return 'legacy';
    return this.#modern ? 'modern' : null;
  }

  get hasHandshake(): boolean {
    return this.#legacy !== null;
  }

  /** Who the client is, as far as it has said. */
  get identity(): ClientIdentity | null {
    return this.#legacy?.identity ?? this.#modern;
  }

  /** A legacy client has introduced itself: once, or anew. */
  introduced(identity: ClientIdentity, frame: Buffer): void {
    this.#legacy = { identity, frame: frame.toString('utf8') };
    this.isInitialized = false;
    this.logLevel = null;
    this.changed();
  }

  /** A modern client does it with every request; what it takes in any of them is what it takes. */
  mentioned(identity: ClientIdentity): void {
    const known = this.#modern?.capabilities;
    if (known === identity.capabilities) return;
    const capabilities =
      known === undefined ? identity.capabilities : mergedCapabilities(known, identity.capabilities);
    this.#modern = { ...identity, capabilities };
  }

  initialized(): void {
    if (!this.#legacy || this.isInitialized) return;
    this.isInitialized = true;
    this.changed();
  }

  record(): ConversationRecord | null {
    if (!this.#legacy) return null;
    return {
      initialize: this.#legacy.frame,
      initialized: this.isInitialized,
      logLevel: this.logLevel,
      subscriptions: [...this.watched],
    };
  }

  /** False when the record holds no handshake: the client has to begin anew. */
  restore({ initialize, initialized, logLevel, subscriptions }: ConversationRecord): boolean {
    const frame = Buffer.from(initialize);
    const envelope = readEnvelope(frame);
    const identity = envelope && legacyIdentity(frame, envelope);
    if (!identity) return false;
    this.#legacy = { identity, frame: initialize };
    this.isInitialized = initialized;
    this.isRestored = true;
    this.logLevel = logLevel;
    for (const uri of subscriptions) this.watched.add(uri);
    return true;
  }

  /** Somebody writes the record down; at most one. */
  onChanged(listener: () => void): void {
    this.#changed = listener;
  }

  changed(): void {
    this.#changed();
  }
}
