// @ts-check
// The floor: what any Node process between a Unix socket and a server costs when it reads nothing and keeps nothing.
// `node relay.mjs SOCKET COMMAND ARGS…` starts the command for each connection and moves bytes.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';

const [address, command, ...args] = process.argv.slice(2);
if (address === undefined || command === undefined) throw new Error('usage: relay.mjs SOCKET COMMAND ARGS…');

const server = createServer((socket) => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  socket.on('error', () => socket.destroy());
  child.stdin.on('error', () => {});
  socket.pipe(child.stdin);
  child.stdout.pipe(socket);
});
server.listen(address, () => process.stdout.write('{}\n'));
process.once('SIGTERM', () => {
  rmSync(address);
  process.exit(0);
});
