import type { ClientId } from '../../../shared/model/client.ts';
import type { PlanFile } from '../../../shared/model/migration.ts';

/** A refusal that a person can lift by letting the client be quit. Sessions of people are never stopped. */
export const isUntilQuit = ({ refusal }: PlanFile): boolean => refusal?.code === 'CLIENT_RUNNING';

/** Whether applying the plan changes this file, with the consent given so far. */
export function willChange(file: PlanFile, restarts: ReadonlySet<ClientId>): boolean {
  if (file.diff === '') return false;
  return !file.refusal || (isUntilQuit(file) && restarts.has(file.client));
}
