// Writes a config the way a client does, once for each line on stdin: `node client-writer.mjs KIND CONFIG`.
// A line is JSON; what it means depends on the kind. Answers each with "done", the first time with "ready".
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [kind = '', file = ''] = process.argv.slice(2);

/** @type {Record<string, (change: Record<string, unknown>) => void>} */
const KINDS = {
  // Claude Code: lock folder, the file read anew, a temporary file with its pid moved into place.
  'claude-code'(change) {
    mkdirSync(`${file}.lock`);
    const config = JSON.parse(readFileSync(file, 'utf8'));
    const { mcpServers, ...rest } = change;
    Object.assign(config, rest);
    config.mcpServers = { ...config.mcpServers, ...(typeof mcpServers === 'object' ? mcpServers : {}) };
    replace(`${file}.tmp.${process.pid}.${randomBytes(6).toString('hex')}`, JSON.stringify(config, null, 2));
    rmdirSync(`${file}.lock`);
  },
  // Claude Desktop: the whole object of its memory, never read again.
  'claude-desktop'(change) {
    Object.assign(memory, change);
    replace(`${file}.${randomBytes(4).toString('hex')}.part`, JSON.stringify(memory, null, 2));
  },
};

/** @type {Record<string, unknown>} */
const memory = kind === 'claude-desktop' ? JSON.parse(process.env.CLIENT_MEMORY ?? '{}') : {};

/**
 * @param {string} temporary
 * @param {string} text
 */
function replace(temporary, text) {
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  KINDS[kind]?.(JSON.parse(line));
  process.stdout.write('done\n');
}
