import type { Alert, AlertRule } from '../../../shared/model/alert.ts';

/** Looks at the figures of each minute and says which rules hold. Rules live in `alerts.json` of the data folder. */
export interface AlertService {
  rules(): AlertRule[];
  /** Throws INPUT_INVALID when a server-down rule names a tool, or there are 100 rules already. */
  save(rule: AlertRule): Promise<AlertRule>;
  /** Throws NOT_FOUND. */
  remove(id: string): Promise<void>;
  /** Firing first, then pending, then resolved ones, newest first each. */
  list(): Alert[];
  /** The enabled rules as a rule file for Prometheus, over the metrics this hub serves. */
  prometheus(): string;
  close(): void;
}
