/** How a client reaches a server, or the hub in front of it. */
export type Way =
  | {
      kind: 'stdio';
      command: string;
      args: readonly string[];
      cwd: string;
      env: Readonly<Record<string, string>>;
    }
  | { kind: 'http' | 'sse'; url: string; token: string | null };

/** What the client answers when a server asks; what is absent is not declared as a capability either. */
export interface Answers {
  elicitation?:
    { action: 'accept'; content: Record<string, string | number | boolean> } | { action: 'decline' };
  /** Text of the sampled message. */
  sampling?: string;
  /** URIs. */
  roots?: readonly string[];
}

export interface ProbeOptions {
  answers?: Answers;
  /** Asks for log lines of every level. */
  logs?: boolean;
}

export interface CallOptions {
  onProgress?: (progress: { progress: number; total?: number; message?: string }) => void;
  signal?: AbortSignal;
  meta?: Record<string, unknown>;
}

/** How a call ended. `error` is the JSON-RPC error, with null for what the client's SDK keeps to itself. */
export interface Outcome {
  text: string;
  isError: boolean;
  error: { code: number | null; message: string; data: unknown } | null;
}

export type Completed = { prompt: string } | { template: string };

/** One client in one conversation, whatever library or revision it is made of. */
export interface McpProbe {
  /** The revision that was agreed on. */
  readonly version: string | undefined;
  /** Names of all tools, as listed. */
  tools(): Promise<string[]>;
  /** Never rejects: what went wrong is in the outcome. */
  call(tool: string, args?: Record<string, unknown>, options?: CallOptions): Promise<Outcome>;
  /** URIs of all resources, as listed. */
  resources(): Promise<string[]>;
  /** URI templates, as listed. */
  templates(): Promise<string[]>;
  /** Text of a resource. Rejects where there is none. */
  read(uri: string): Promise<string>;
  /** Names of all prompts, as listed. */
  prompts(): Promise<string[]>;
  /** Text of the first message of a prompt. Rejects where there is none. */
  prompt(name: string, args?: Record<string, string>): Promise<string>;
  /** Proposals for an argument of a prompt, or for a variable of a URI template. */
  complete(of: Completed, argument: string, value: string): Promise<string[]>;
  /** From now on changes of lists and of these resources are told. */
  listen(uris?: readonly string[]): Promise<void>;
  /** Methods of the notifications heard so far, progress apart. */
  readonly heard: readonly string[];
  close(): Promise<void>;
}

/** What a completion is for, as it is on the wire. */
export const referenceOf = (of: Completed) =>
  'prompt' in of
    ? { type: 'ref/prompt' as const, name: of.prompt }
    : { type: 'ref/resource' as const, uri: of.template };

/** Text of the first message of a prompt as it is on the wire. */
export function promptText(result: unknown): string {
  const { messages } = result as { messages: { content: { text?: string } }[] };
  return messages[0]?.content.text ?? '';
}

/** The outcome of a result as it is on the wire. */
export function outcomeOf(result: unknown): Outcome {
  const { content, isError } = result as { content?: { type: string; text?: string }[]; isError?: boolean };
  return {
    text: content?.find(({ type }) => type === 'text')?.text ?? '',
    isError: isError === true,
    error: null,
  };
}

export function failed(error: unknown): Outcome {
  const { code, message, data } = error as { code?: unknown; message?: string; data?: unknown };
  return {
    text: '',
    isError: false,
    error: { code: typeof code === 'number' ? code : null, message: message ?? String(error), data },
  };
}
