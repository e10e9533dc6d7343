import { z } from 'zod';

/** One tool, prompt, resource or resource template as its server describes it. */
export const OfferedItem = z.object({
  /** The server's own name, URI or template. */
  key: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  /** The whole definition as JSON text, every field of it; null where it is longer than the hub passes on. */
  definition: z.string().nullable(),
});
export type OfferedItem = z.infer<typeof OfferedItem>;

export const OfferedTool = OfferedItem.extend({
  /** What the server's tool rules make of its name; null where they hide it. */
  shownAs: z.string().nullable(),
});
export type OfferedTool = z.infer<typeof OfferedTool>;

/** What a server offers at one moment, asked by the hub itself. */
export const ServerOffer = z.object({
  server: z.string(),
  /** Epoch milliseconds. */
  askedAt: z.number(),
  /** Whether a running process or connection was asked, or one that was started for the question and has ended. */
  asked: z.enum(['running', 'started']),
  protocolVersion: z.string().nullable(),
  tools: z.array(OfferedTool),
  prompts: z.array(OfferedItem),
  resources: z.array(OfferedItem),
  templates: z.array(OfferedItem),
  /** Lists that it declares and that could not be had, in words. */
  problems: z.array(z.string()),
  /** Definitions left out because the answer became too large. */
  leftOut: z.number(),
});
export type ServerOffer = z.infer<typeof ServerOffer>;
