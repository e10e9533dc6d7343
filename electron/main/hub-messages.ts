import { z } from 'zod';
import { ERROR_CODES, type ErrorInfo } from '../../shared/model/error.ts';

/**
 * What main and the hub's process say to each other over the utility process's own port. Everything else goes over
 * the message ports that `connect` hands over, which carry the contract.
 *
 * Command line of the hub's process, both always present, JSON of {@link ProgramCommand}:
 *   `--shim-command {…}`    how a migrated entry starts the shim
 *   `--launch-command {…}`  how the shim starts this app, hidden, when no hub answers
 * The environment is that of the app, so PATCHBAY_HOME and PATCHBAY_PORT reach the hub as they reached us.
 */
export type MessageToHub =
  /** Comes with exactly one MessagePort; serve the whole contract on it until it closes. May come any number of times. */
  | { type: 'connect' }
  /** Drain, stop every instance, answer `stopped`, end with code 0. Main waits a bounded time, then ends the process. */
  | { type: 'stop' };

/** An {@link ErrorInfo} that came from another process. */
export const ErrorInfoMessage: z.ZodType<ErrorInfo> = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  hint: z.string().optional(),
  path: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
});

export const MessageFromHub = z.discriminatedUnion('type', [
  /** Once, when the hub serves: only then are ports sent. */
  z.object({ type: z.literal('ready'), url: z.string(), port: z.number(), pid: z.number() }),
  /** The hub cannot serve and ends; starting it again at once would not help (port taken, unsafe data folder, …). */
  z.object({ type: z.literal('failed'), error: ErrorInfoMessage }),
  /** The hub was asked to end, by main or through the contract, and is done. */
  z.object({ type: z.literal('stopped') }),
]);
export type MessageFromHub = z.infer<typeof MessageFromHub>;

/** How to start a program of ours: absolute paths that stay valid, no shell. */
export interface ProgramCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** The command line of the hub's process, as documented above. */
export const hubArguments = (commands: { shim: ProgramCommand; launch: ProgramCommand }): string[] => [
  '--shim-command',
  JSON.stringify(commands.shim),
  '--launch-command',
  JSON.stringify(commands.launch),
];
