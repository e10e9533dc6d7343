import { z } from 'zod';
import { PROTOCOL_VERSION, type ApiHello, type NotesHello, type ShimHello } from './shim-protocol.ts';

const version = z.literal(PROTOCOL_VERSION);
const sessionId = z.string().regex(/^[0-9a-f-]{36}$/);

const Hello = z.discriminatedUnion('kind', [
  z.object({
    patchbay: version,
    kind: z.literal('shim'),
    client: z.string().min(1).max(64),
    server: z.string().min(1).max(256),
    session: sessionId,
    resumed: z.number().int().min(0),
    pid: z.number().int().positive(),
    ppid: z.number().int().min(0),
    cwd: z.string().min(1),
    env: z.record(z.string(), z.string()),
    witness: z.boolean().default(false),
    command: z.string(),
    args: z.array(z.string()),
  }),
  z.object({ patchbay: version, kind: z.literal('notes'), session: sessionId }),
  z.object({ patchbay: version, kind: z.literal('api') }),
]);

/** Parses the first line of a connection; the text of the error names the field. */
export function parseHello(
  line: string,
): { ok: true; hello: ShimHello | NotesHello | ApiHello } | { ok: false; message: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, message: 'The first line is not JSON.' };
  }
  const parsed = Hello.safeParse(value);
  if (parsed.success) return { ok: true, hello: parsed.data };
  const issue = parsed.error.issues[0];
  return { ok: false, message: `${issue?.path.join('.') || 'hello'}: ${issue?.message ?? 'invalid'}` };
}
