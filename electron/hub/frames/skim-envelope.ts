import { isUtf8 } from 'node:buffer';
import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import { SLOT } from './envelope-keys.ts';
import { found } from './envelope-scan.ts';
import { findEdges } from './frame-edges.ts';
import { envelopeOfFound, readEnvelope } from './read-envelope.ts';

/** Frames from here on are read by their two ends where that is enough. */
export const LARGE_FRAME_BYTES = 64 * 1024;

/**
 * `readEnvelope` for what a server answers to a request of our own: a large result is not walked through, so a MiB
 * costs what its UTF-8 check costs. Everything else, and a result of an uncommon shape, is read in full.
 *
 * What a large result is spared, and why that is safe. Depth, number of members and brackets of its inside (C06, C07):
 * nothing here parses it, and a broken one breaks only the answer of the call it names, as it would without us. A
 * member given twice, or `error` or `method` hidden in the middle beside `result` (B21, C14): the id is the last one,
 * which is the one that parsers go by, and the server that plays such tricks plays them on its own caller. UTF-8 is
 * checked always (B10). `isToolError` and `resultType` are looked for among the simple members at both ends of the
 * result: where `resultType` must be there and is null, read in full. `ranges.resultEnd` reaches over unknown members
 * that follow the result. Not for calls of a client: what a policy sees there must be what the server sees.
 */
export function skimAnswer(line: Buffer): Envelope | null {
  return (line.length >= LARGE_FRAME_BYTES && skim(line, false)) || readEnvelope(line);
}

/**
 * The same for those who watch bytes pass, in either direction: a large call is read by its ends, too. Then
 * `progressToken`, `protocolVersion` and `cancelsId` are null and their ranges 0 whatever it holds.
 */
export function skimEnvelope(line: Buffer): Envelope | null {
  return (line.length >= LARGE_FRAME_BYTES && skim(line, true)) || readEnvelope(line);
}

function skim(line: Buffer, calls: boolean): Envelope | null {
  const middle = findEdges(line);
  if (middle === null || (middle === 'params' && !calls)) return null;
  if (middle === 'params' && !tellsCall()) return null;
  return isUtf8(line) ? envelopeOfFound(line) : null;
}

/** Without an id it may be a notification, or its id stands behind the middle of it; the name may be in there. */
const tellsCall = (): boolean => found[SLOT.id] !== 0 && (found[SLOT.name] !== 0 || found[SLOT.uri] !== 0);

/**
 * What `skimEnvelope` would say of a line that was too long to keep, from what `splitLines` leaves of it. Positions
 * behind the cut are those in `edges`; UTF-8 is not checked. Null when the ends alone do not tell.
 */
export function readCutEnvelope(edges: Buffer): Envelope | null {
  const middle = findEdges(edges);
  if (middle === null || (middle === 'params' && found[SLOT.id] === 0)) return null;
  return envelopeOfFound(edges);
}

/** The id of a result that was too long to keep: the call to fail, and only that (B09). Null when it cannot be told. */
export function readCutAnswerId(edges: Buffer): string | null {
  const envelope = readCutEnvelope(edges);
  return envelope?.kind === 'response' ? envelope.id : null;
}
