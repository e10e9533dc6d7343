import type { Socket } from 'node:net';
import type { SessionRegistry } from './session-registry.ts';
import type { NotesHello } from './shim-protocol.ts';

/** A shim that does not read its notes loses them; the session goes on. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** Sends what happens beside the bytes of a session to its shim, until either side goes. */
export function serveNotes(socket: Socket, hello: NotesHello, sessions: SessionRegistry): void {
  const session = sessions.find(hello.session);
  if (!session) return void socket.end();
  const unfollow = sessions.followNotes(session, (note) => {
    if (socket.writable && socket.writableLength < MAX_UNSENT_BYTES)
      socket.write(`${JSON.stringify(note)}\n`);
  });
  socket.once('close', unfollow);
  socket.once('end', () => socket.end());
  socket.resume();
}
