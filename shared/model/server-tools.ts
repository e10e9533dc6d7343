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

export const ToolChangeKind = z.enum(['changed', 'added', 'removed']);

/** A tool that is not as it was when it was first seen or last accepted (B23). */
export const ToolChange = z.object({
  tool: z.string(),
  kind: ToolChangeKind,
  /** Epoch milliseconds when it was seen first. */
  since: z.number(),
  /** Members of the definition that differ, such as `description`; empty where the texts were too long to keep. */
  parts: z.array(z.string()),
  /** Unified diff of the two definitions as text for people; empty where they were too long to keep. */
  diff: z.string(),
  /** Seen as accepted again since: it did change, and may do so again. */
  isBack: z.boolean(),
});
export type ToolChange = z.infer<typeof ToolChange>;

/** That tools of a server have changed and nobody has accepted it yet. */
export const ToolFinding = z.object({
  server: z.string(),
  /** Stands for exactly these changes; another change makes another id. */
  id: z.string(),
  /** Of its oldest change, in epoch milliseconds. */
  since: z.number(),
  count: z.number(),
  /** Changed and added tools are kept from clients until they are accepted. */
  isHeld: z.boolean(),
});
export type ToolFinding = z.infer<typeof ToolFinding>;

export const ToolChanges = z.object({
  finding: ToolFinding.nullable(),
  /** At most 200 of them are shown, changed ones first. */
  changes: z.array(ToolChange),
});
export type ToolChanges = z.infer<typeof ToolChanges>;
