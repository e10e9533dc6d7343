import type { ExchangeContext, UsageSample } from '../../../shared/model/exchange.ts';
import type { StderrLine } from '../../../shared/model/server.ts';
import { endOf, type LoggedContext } from './store-context.ts';

/** What others know of the time around an exchange. */
export interface Surroundings {
  /** What a server has written, oldest first; nothing for one that is not known. */
  stderr(server: string): readonly StderrLine[];
  /** Readings of an instance, oldest first. */
  usage(instanceId: string): readonly UsageSample[];
}

const STDERR_MS = 1_000;
const MAX_STDERR = 200;

/** Adds to what the log has what the server wrote and used meanwhile. */
export function withSurroundings(
  { exchange, messages, nearby, sameTool }: LoggedContext,
  { stderr, usage }: Surroundings,
  nowMs: number,
): ExchangeContext {
  const { at, instanceId, server } = exchange;
  const end = endOf(exchange, nowMs);
  const lines = stderr(server).filter(
    (line) => line.instanceId === instanceId && line.at >= at - STDERR_MS && line.at <= end + STDERR_MS,
  );
  const samples = usage(instanceId);
  const before = samples.findLastIndex((sample) => sample.at < at);
  const after = samples.findIndex((sample) => sample.at > end);
  return {
    messages,
    nearby,
    sameTool,
    // Why a call failed stands at the end of what was written.
    stderr: lines.slice(-MAX_STDERR),
    usage: samples.slice(Math.max(0, before), after === -1 ? undefined : after + 1),
  };
}
