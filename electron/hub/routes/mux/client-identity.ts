import { z } from 'zod';
import type { Envelope, Era } from '../../../../shared/json-rpc/envelope.ts';
import { findMember, stringAt } from '../../frames/find-member.ts';
import { CLIENT_CAPABILITIES_KEY, CLIENT_INFO_KEY } from './eras/meta-keys.ts';
import { QUESTION_CAPABILITIES } from './eras/input-required.ts';

/** Who a client says it is: once in its handshake, or in every modern request. */
export interface ClientIdentity {
  readonly era: Era;
  /** The revision it asks for. */
  readonly protocolVersion: string;
  /** JSON text of its Implementation; null when it does not say. */
  readonly clientInfo: string | null;
  /** JSON text of its ClientCapabilities. */
  readonly capabilities: string;
}

/** From `initialize`; null when it does not hold what a handshake needs. */
export function legacyIdentity(frame: Buffer, { ranges }: Envelope): ClientIdentity | null {
  if (ranges.params === 0) return null;
  const version = findMember(frame, ranges.params, 'protocolVersion');
  const protocolVersion = version && stringAt(frame, version);
  if (protocolVersion === null) return null;
  return {
    era: 'legacy',
    protocolVersion,
    clientInfo: textOf(frame, ranges.params, 'clientInfo'),
    capabilities: textOf(frame, ranges.params, 'capabilities') ?? '{}',
  };
}

/** From the `_meta` of a modern request; null when it lacks its capabilities. */
export function modernIdentity(frame: Buffer, { ranges, protocolVersion }: Envelope): ClientIdentity | null {
  if (ranges.meta === 0 || protocolVersion === null) return null;
  const capabilities = textOf(frame, ranges.meta, CLIENT_CAPABILITIES_KEY);
  if (capabilities === null || !capabilities.startsWith('{')) return null;
  return {
    era: 'modern',
    protocolVersion,
    clientInfo: textOf(frame, ranges.meta, CLIENT_INFO_KEY),
    capabilities,
  };
}

function textOf(frame: Buffer, objectStart: number, key: string): string | null {
  const member = findMember(frame, objectStart, key);
  return member && frame.toString('utf8', member.start, member.end);
}

const Declared = z.looseObject({
  roots: z.looseObject({}).optional(),
  sampling: z.looseObject({}).optional(),
  elicitation: z.looseObject({ url: z.looseObject({}).optional() }).optional(),
});

/** Whether a client that declares `capabilities` (JSON text) may be asked this (B27). `params` is JSON text. */
export function mayBeAsked(capabilities: string, method: string, params: string | null): boolean {
  const name = Object.hasOwn(QUESTION_CAPABILITIES, method) ? QUESTION_CAPABILITIES[method]! : null;
  const declared = Declared.safeParse(parse(capabilities));
  if (name === null || !declared.success) return false;
  if (name !== 'elicitation') return declared.data[name as 'roots' | 'sampling'] !== undefined;
  const mode = z.looseObject({ mode: z.string() }).safeParse(parse(params ?? '{}'));
  const isUrl = mode.success && mode.data.mode === 'url';
  return isUrl ? declared.data.elicitation?.url !== undefined : declared.data.elicitation !== undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** JSON text of what either of two ClientCapabilities declares; the first as it is when the second adds nothing. */
export function mergedCapabilities(known: string, more: string): string {
  const [one, other] = [Members.safeParse(parse(known)), Members.safeParse(parse(more))];
  if (!one.success || !other.success) return known;
  const merged: Record<string, unknown> = { ...one.data };
  let isNew = false;
  for (const [name, value] of Object.entries(other.data)) {
    const before = Members.safeParse(one.data[name]);
    const added = Members.safeParse(value);
    if (
      before.success &&
      added.success &&
      Object.keys(added.data).every((key) => Object.hasOwn(before.data, key))
    )
      continue;
    if (before.success && !added.success) continue;
    merged[name] = before.success && added.success ? { ...before.data, ...added.data } : value;
    isNew = true;
  }
  return isNew ? JSON.stringify(merged) : known;
}

const Members = z.record(z.string(), z.unknown());

/**
 * What the hub declares to a server that several clients share: it asks on behalf of whoever made the call, and only
 * where that client declared it. Roots too are told only inside a call: at any other time they would be those of
 * whoever happened to come first.
 */
export const SHARED_CAPABILITIES = '{"roots":{},"sampling":{},"elicitation":{"form":{},"url":{}}}';
