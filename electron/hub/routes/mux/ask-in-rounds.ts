import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { readEnvelope } from '../../frames/read-envelope.ts';
import type { ClientCall } from './client-call.ts';
import { mayBeAsked } from './client-identity.ts';
import { readInputRequired, retryRequest, type Question } from './eras/input-required.ts';
import { withElicitationId } from './eras/results.ts';
import { withServerName } from './put-question.ts';
import { requestFrame, RPC } from './rpc-frames.ts';

/** As the SDK's own bridge between the eras does it. */
const MAX_ROUNDS = 8;
const LEG_MS = 600_000;
/** A server that only wants to be asked again is not asked in a loop. */
const PACE_MS = 250;

let lastKey = 0;

/**
 * A modern server answers with questions; a legacy client is asked them one by one, and the request is sent again with
 * its answers.
 */
export function askInRounds(call: ClientCall, frame: Buffer, envelope: Envelope): void {
  const required = readInputRequired(frame, envelope);
  const { server } = call.link;
  if (!required) return refuse(call, `The questions of ${server} are malformed.`);
  call.rounds += 1;
  if (call.rounds > MAX_ROUNDS) return refuse(call, `${server} asked more than ${MAX_ROUNDS} times.`);
  const { requests, requestState } = required;
  const { capabilities } = call.request.identity;
  const unfit = requests.find(
    ({ method, params }) => !mayBeAsked(capabilities, method, params && params.toString()),
  );
  if (unfit) return refuse(call, `${server} asked for ${unfit.method}, which the client does not take.`);

  const responses: { key: string; result: Buffer }[] = [];
  const goOn = (): void => {
    if (call.isOver) return;
    clearTimeout(timer);
    call.again(retryRequest(call.frame, call.request.envelope, { responses, requestState }));
  };
  const timer = setTimeout(
    () => (requests.length === 0 ? goOn() : refuse(call, `The client did not answer ${server} in time.`)),
    requests.length === 0 ? PACE_MS : LEG_MS,
  ).unref();
  for (const question of requests) {
    ask(call, question, (answer, read) => {
      if (read.error) {
        clearTimeout(timer);
        return refuse(call, `The client did not answer ${question.method}: ${read.error.message}`);
      }
      const { result, resultEnd } = read.ranges;
      responses.push({ key: question.key, result: Buffer.from(answer.subarray(result, resultEnd)) });
      if (responses.length === requests.length) goOn();
    });
  }
}

function ask(
  call: ClientCall,
  { method, params }: Question,
  answered: (frame: Buffer, envelope: Envelope) => void,
): void {
  const { conversation } = call.link;
  if (call.isOver || call.reply === null) return;
  if (conversation.questions.isFull) return refuse(call, 'Too many questions wait for the client.');
  const { reply } = call;
  const own = params && method === 'elicitation/create' ? withElicitationId(params) : params;
  const plain = requestFrame(0, method, own?.toString() ?? '{}');
  const isMerged = conversation.endpoint.single === null;
  const frame = isMerged ? withServerName(plain, readEnvelope(plain)!, call.link.server) : plain;
  lastKey += 1;
  const now = performance.now();
  const envelope = readEnvelope(frame)!;
  conversation.questions.ask(
    {
      call,
      key: `round ${lastKey}`,
      tapped: call.link
        .tapOf(call.upstream)
        .request('server-to-client', { bytes: frame, envelope, receivedAt: now, forwardedAt: now }),
      send: (out) => reply.send(out),
      answered,
      progressed() {},
      dropped() {},
    },
    frame,
    envelope,
  );
}

const refuse = (call: ClientCall, message: string): void => call.failed({ code: RPC.internal, message });
