// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { host } from './host.mjs';

/** Hands the message to whoever listens and says by its exit code whether somebody did. */
const CALL = `
  const [address, message] = process.argv.slice(1);
  const socket = require('node:net').connect(address);
  socket.on('connect', () => socket.end(message));
  socket.on('close', (failed) => process.exit(failed ? 1 : 0));
  socket.on('error', () => {});`;

/**
 * Electron's single-instance lock, proven by a live socket: true when this process is the first for the folder.
 * Synchronous like the real one, so a short child process makes the call.
 * @param {string} userData
 * @param {(argv: string[], cwd: string) => void} onSecond
 */
export function takeInstanceLock(userData, onSecond) {
  const address = path.join(userData, 'standin-instance');
  const message = JSON.stringify({ argv: process.argv, cwd: process.cwd() });
  const isTaken = existsSync(address) && spawnSync(host.node, ['-e', CALL, address, message]).status === 0;
  if (isTaken) return false;
  rmSync(address, { force: true });
  const server = net.createServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('end', () => {
      const { argv, cwd } = JSON.parse(text);
      onSecond(argv, cwd);
    });
  });
  server.listen(address).unref();
  process.on('exit', () => rmSync(address, { force: true }));
  return true;
}
