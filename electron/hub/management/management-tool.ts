import { z } from 'zod';
import { toErrorInfo } from '../../../shared/model/error.ts';
import type { ClientView } from '../../../shared/model/client.ts';
import type { SessionView } from '../../../shared/model/session.ts';
import { visibleText } from '../logging/visible-text.ts';
import type { ServerService } from '../servers/server-service.ts';
import { redactText } from '../traffic/redaction-patterns.ts';
import type { TrafficService } from '../traffic/traffic-service.ts';

/** What the management server may ask of the hub. Nothing here defines a command or reads a secret. */
export interface ManagementServices {
  version: string;
  clients(): Promise<ClientView[]>;
  sessions(): SessionView[];
  servers: Pick<ServerService, 'list' | 'stderr' | 'setEnabled' | 'restart'>;
  traffic: Pick<TrafficService, 'list' | 'latency'>;
}

/** A tool as it stands in `tools/list`. */
export interface ToolDefinition {
  name: string;
  title: string;
  description: string;
  inputSchema: unknown;
  outputSchema: unknown;
  annotations: ToolAnnotations;
}

export interface ToolAnnotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: false;
}

/** A result of `tools/call` that fits every revision. */
export interface ToolResult {
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: true;
}

export interface ManagementTool {
  readonly name: string;
  definition(): ToolDefinition;
  /** Never throws: what went wrong is a result that the model can read. */
  call(services: ManagementServices, args: unknown): Promise<ToolResult>;
}

interface Parts<I extends z.ZodObject, O extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: I;
  output: O;
  effect: 'reads' | 'enables' | 'disturbs';
  run(services: ManagementServices, input: z.output<I>): Promise<{ data: z.input<O>; text: string }>;
}

const EFFECTS: Record<Parts<z.ZodObject, z.ZodObject>['effect'], ToolAnnotations> = {
  reads: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  enables: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  // Calls that are under way on the server fail.
  disturbs: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
};

export function managementTool<I extends z.ZodObject, O extends z.ZodObject>(
  parts: Parts<I, O>,
): ManagementTool {
  const { name, title, description, input, output, effect, run } = parts;
  return {
    name,
    definition: () => ({
      name,
      title,
      description,
      inputSchema: z.toJSONSchema(input, { io: 'input' }),
      outputSchema: z.toJSONSchema(output, { io: 'output' }),
      annotations: EFFECTS[effect],
    }),
    async call(services, args) {
      const parsed = input.safeParse(args ?? {});
      if (!parsed.success) return failure(`USAGE: ${z.prettifyError(parsed.error)}`);
      try {
        const { data, text } = await run(services, parsed.data);
        return { content: [{ type: 'text', text: visibleText(text) }], structuredContent: data };
      } catch (error) {
        const { code, message, hint } = toErrorInfo(error);
        return failure(`${code}: ${message}${hint ? `\n${hint}` : ''}`);
      }
    },
  };
}

const failure = (text: string): ToolResult => ({
  content: [{ type: 'text', text: shownText(text) }],
  isError: true,
});

/** What a server said, as far as it may be shown: no secrets, nothing invisible. It is data, whatever it says. */
export const shownText = (text: string): string => visibleText(redactText(text).text);

/** Rows of text for a model: one line each, or a sentence when there are none. */
export const lines = (rows: readonly string[], none: string): string =>
  rows.length === 0 ? none : rows.join('\n');

/** A name in the traffic query language, taken as it is. */
export const quoted = (name: string): string => `"${name.replaceAll(/["\\]/g, '\\$&')}"`;

/** Epoch milliseconds as ISO 8601. */
export const isoTime = (at: number): string => new Date(at).toISOString();
