import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Endpoint, Reply } from '../routes/mux/mux.ts';
import { clientName } from './client-name.ts';
import { isTooSlow } from './slow-reader.ts';
import type { Beating, KeepAliveWheel } from './keep-alive-wheel.ts';
import type { LiveConversations } from './live-conversation.ts';
import { oneLine } from './post-request.ts';
import { MessageInlet } from './receive-message.ts';

/** What MCP clients offer; a WebSocket without subprotocol is served alike. */
export const MCP_SUBPROTOCOL = 'mcp';

/** Close codes of RFC 6455. */
const TRY_LATER = 1013;
const UNACCEPTABLE = 1003;
const GOING_AWAY = 1001;
/** Two turns of the wheel without a word: nobody is there (C02). */
const MISSED_BEATS = 2;

export interface WebSocketSessionOptions {
  socket: WebSocket;
  request: IncomingMessage;
  endpoint: Endpoint;
  user: string;
  conversations: LiveConversations;
  wheel: KeepAliveWheel;
}

/** Serves MCP on a WebSocket, one message as one text: both eras, as on stdio. */
export function serveWebSocket(options: WebSocketSessionOptions): void {
  const { socket, request, endpoint, user, conversations, wheel } = options;
  const session = new WebSocketSession(socket);
  const live = conversations.open({
    endpoint,
    caller: {
      sessionId: randomUUID(),
      client: clientName(request),
      user,
      transport: 'websocket',
      cwd: null,
      env: null,
    },
    channel: session,
    pid: null,
    resumed: 0,
    disconnect: () => socket.close(GOING_AWAY, 'The session was ended.'),
  });
  if (!live) return socket.close(TRY_LATER, 'There are too many sessions at the moment.');
  const inlet = new MessageInlet(live.conversation, session);
  wheel.add(session);
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    session.missed = 0;
    if (isBinary) return socket.close(UNACCEPTABLE, 'Messages are JSON texts.');
    inlet.receive(oneLine(data), performance.now());
  });
  socket.on('pong', () => (session.missed = 0));
  socket.once('close', () => {
    wheel.remove(session);
    void live.close();
  });
}

/** Channel and every request's reply at once. */
class WebSocketSession implements Reply, Beating {
  slot = -1;
  missed = 0;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  send(frame: Buffer): void {
    this.#write(frame, false);
  }

  answer(frame: Buffer): void {
    this.#write(frame, true);
  }

  beat(): void {
    this.missed += 1;
    if (this.missed > MISSED_BEATS) this.#socket.terminate();
    else this.#socket.ping();
  }

  #write(frame: Buffer, isAnswer: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (isTooSlow(this.#socket, this.#socket.bufferedAmount, isAnswer)) return this.#socket.terminate();
    this.#socket.send(frame, { binary: false });
  }
}
