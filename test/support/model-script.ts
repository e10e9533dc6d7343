/** The parts of an Anthropic Messages request that the script needs. */
export interface ModelRequest {
  model?: string;
  stream?: boolean;
  tools?: { name: string }[];
  messages?: { role: string; content: string | ContentBlock[] }[];
}

interface ContentBlock {
  type: string;
  text?: string;
  content?: string | ContentBlock[];
  is_error?: boolean;
}

export interface ToolCall {
  name: string;
  input: unknown;
}

/** A tool's answer as the model got to see it. */
export interface ToolResult {
  is_error: boolean;
  text: string;
}

/** One turn of the model. `waitFor` holds it back until these files exist. */
export type Turn = { waitFor: string[] } & (
  { kind: 'calls'; calls: ToolCall[] } | { kind: 'text'; text: string }
);

const LINE = /^(CALL|PAR|WAITFILE|SAY) (.+)$/;

/**
 * The turn that a conversation has come to. The latest user message with script lines is the script; the assistant
 * messages after it are the turns already taken. Past its end the model says `FINAL` and the JSON of all results.
 *
 *   CALL tool {json}              one call
 *   PAR tool {json} || tool {json}   several calls in one turn
 *   WAITFILE path                 the next turn waits until this file exists
 *   SAY text                      ends the conversation with a text
 */
export function nextTurn({ messages = [] }: ModelRequest): Turn {
  const start = messages.findLastIndex((message) => message.role === 'user' && linesOf(message).length > 0);
  const later = messages.slice(start + 1);
  const taken = later.filter((message) => message.role === 'assistant').length;
  const turn = start === -1 ? undefined : turnsOf(linesOf(messages[start]!))[taken];
  return turn ?? { kind: 'text', waitFor: [], text: `FINAL ${JSON.stringify(resultsIn(later))}` };
}

function linesOf({ content }: { content: string | ContentBlock[] }): string[] {
  return textOf(content)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => LINE.test(line));
}

function turnsOf(lines: readonly string[]): Turn[] {
  const turns: Turn[] = [];
  let waitFor: string[] = [];
  for (const line of lines) {
    const [, word, rest] = LINE.exec(line)! as unknown as [string, string, string];
    if (word === 'WAITFILE') waitFor.push(rest);
    else {
      turns.push(
        word === 'SAY'
          ? { kind: 'text', waitFor, text: rest }
          : { kind: 'calls', waitFor, calls: rest.split(' || ').map(parseCall) },
      );
      waitFor = [];
    }
  }
  return turns;
}

function parseCall(text: string): ToolCall {
  const split = text.indexOf(' ');
  if (split === -1) return { name: text, input: {} };
  return { name: text.slice(0, split), input: JSON.parse(text.slice(split + 1)) };
}

function resultsIn(messages: readonly { content: string | ContentBlock[] }[]): ToolResult[] {
  return messages
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .filter((block) => block.type === 'tool_result')
    .map((block) => ({ is_error: block.is_error === true, text: textOf(block.content ?? '') }));
}

function textOf(content: string | ContentBlock[]): string {
  if (typeof content === 'string') return content;
  return content
    .filter((block) => block.type === 'text')
    .map((block) => block.text ?? '')
    .join('\n');
}
