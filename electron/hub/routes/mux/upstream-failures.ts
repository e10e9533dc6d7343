import { RPC, type CallFailure } from './rpc-frames.ts';

export const busyFailure = (server: string): CallFailure => ({
  code: RPC.other,
  message: `The server ${server} is busy: too many calls wait for it. Try again later.`,
});

/** For what was under way: nobody knows how far it got. */
export const lostFailure = (server: string, reason: string): CallFailure => ({
  code: RPC.other,
  message: `The server ${server} ${reason}. The call may have been carried out; it was not repeated.`,
  isLost: true,
});

export const notSentFailure = (server: string): CallFailure => ({
  code: RPC.other,
  message: `The server ${server} ended before the call reached it.`,
});

export const lateFailure = (server: string, patienceMs: number): CallFailure => ({
  code: RPC.timeout,
  message: `${server} did not answer within ${Math.round(patienceMs)} ms.`,
});

export const unreadableFailure: CallFailure = {
  code: RPC.invalidParams,
  message: 'Invalid params: they could not be read.',
};

export const malformedFailure = (server: string): CallFailure => ({
  code: RPC.internal,
  message: `${server} answered with a malformed message.`,
});
