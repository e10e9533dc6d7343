import type { ClientId, RunningClient } from '../../../shared/model/client.ts';
import { PatchbayError, type ErrorInfo } from '../../../shared/model/error.ts';
import { detectRunning, liveMachine } from '../clients/detect-running.ts';
import type { Engine } from './engine.ts';

/** Which clients run now. */
export interface Running {
  of(client: ClientId): readonly RunningClient[];
  /** Set when the system does not tell: then nothing can be said to be closed. */
  unknown: ErrorInfo | null;
}

export async function findRunning({ adapters, platform, listProcesses, logger }: Engine): Promise<Running> {
  try {
    const machine = { ...liveMachine(platform), processes: listProcesses };
    const byClient = await detectRunning(adapters, platform, machine);
    return { of: (client) => byClient.get(client) ?? [], unknown: null };
  } catch (error) {
    if (!(error instanceof PatchbayError) || error.code !== 'NOT_SUPPORTED') throw error;
    logger.log('warn', 'migration.processes-unknown', { message: error.message });
    return { of: () => [], unknown: error.info };
  }
}

/** Why a file must not be written now, as its client would overwrite it from memory; null when it may be. */
export function runningRefusal(
  { client, mustNotRun }: { client: ClientId; mustNotRun: boolean },
  clientName: string,
  running: Running,
): ErrorInfo | null {
  if (!mustNotRun) return null;
  if (running.of(client).length > 0) {
    return {
      code: 'CLIENT_RUNNING',
      message: `${clientName} is running: it keeps its config in memory and would write it over ours.`,
      hint: `Quit ${clientName} completely (closing its window may not be enough) and try again.`,
    };
  }
  return running.unknown;
}
