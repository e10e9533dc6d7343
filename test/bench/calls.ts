import { bigText } from './big-text.mjs';

/** One kind of call: how it is asked, and how an answer is told to be right. */
export interface Call {
  readonly name: string;
  /** The frame, without line end. */
  request(id: number): string;
  isRight(answer: Buffer, id: number): boolean;
}

/** Most calls in flight; the id of a call says on which of so many lanes its answer has to come back. */
export const MAX_LANES = 256;
export const laneOf = (id: number): number => id % MAX_LANES;

/** First and last bytes in which the id of a response is looked for. */
const EDGE = 64;

const request = (id: number, name: string, args: string): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}","arguments":${args}}}`;

/** Every call carries a text of its own, so that an answer meant for another call is noticed. */
const echoOf = (prefix: string): Call => ({
  name: 'echo',
  request: (id) => request(id, 'echo', `{"message":"m${id}"}`),
  isRight(answer, id) {
    const { result } = JSON.parse(answer.toString('utf8')) as {
      result?: { content?: { text?: unknown }[] };
    };
    return result?.content?.[0]?.text === `${prefix}m${id}`;
  },
});

export const echo = echoOf('');
/** The same of the reference server, which adds a word. */
export const everythingEcho = echoOf('Echo: ');

/** A result of one MiB. It is compared byte by byte, not parsed: that would cost more than most targets do. */
export function bigCall(): Call {
  const expected = Buffer.from(JSON.stringify(bigText()));
  return {
    name: 'big',
    request: (id) => request(id, 'big', '{}'),
    isRight(answer) {
      const at = answer.subarray(0, 512).indexOf('"text":"') + '"text":'.length;
      return answer.compare(expected, 0, expected.length, at, at + expected.length) === 0;
    },
  };
}

/** The id of a response, wherever its author put it; null when this is no response to a request of ours. */
export function idOf(frame: Buffer): number | null {
  const head = /^\{(?:"jsonrpc":"2\.0",)?"id":(\d+)[,}]/.exec(frame.toString('latin1', 0, EDGE));
  // A request or notification of the server begins in the same way.
  const isResponse = head && !/"method":/.test(frame.toString('latin1', 0, EDGE));
  if (isResponse) return Number(head[1]);
  const tail = /[,{]"id":(\d+)\}$/.exec(
    frame.toString('latin1', Math.max(0, frame.length - EDGE), frame.length),
  );
  if (tail) return Number(tail[1]);
  const message = JSON.parse(frame.toString('utf8')) as { id?: unknown; method?: unknown };
  return typeof message.id === 'number' && message.method === undefined ? message.id : null;
}
