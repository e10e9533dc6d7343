import { mkdtempSync, rmSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { openHttpFront, type HttpFront } from '../../../electron/hub/api/http-front.ts';
import type { Endpoint } from '../../../electron/hub/routes/mux/mux.ts';
import type { AdmissionLimits } from '../../../electron/hub/sessions/admission.ts';
import { SessionRegistry } from '../../../electron/hub/sessions/session-registry.ts';
import { createTransports, type Transports } from '../../../electron/hub/sessions/transports.ts';
import { NO_OBSERVER } from '../../../electron/hub/tools/tool-observer.ts';
import { NO_TAP } from '../../../electron/hub/traffic/no-tap.ts';
import { scriptedMux, type ScriptedMux } from './scripted-mux.ts';

export const TOKEN = 'a'.repeat(43);

export interface Front extends ScriptedMux {
  http: HttpFront;
  transports: Transports;
  sessions: SessionRegistry;
  /** Clients of new conversations, in order. */
  arrived: string[];
  recordsFile: string;
  /** Ends this hub's part and begins anew over the same records, as after a restart. */
  restart(): Promise<Front>;
  close(): Promise<void>;
}

const endpoint = (label: string): Endpoint => ({
  label,
  single: label.startsWith('servers/') ? label.slice('servers/'.length) : null,
  members: () => ['echo'],
  downstreamEra: label === 'servers/old' ? 'legacy' : 'auto',
  exposed: (_server, name) => ({ name }),
});

/** The real front, transports and guard over a scripted mux. Servers `echo` and `old` and the profile `work` exist. */
export async function openFront(
  options: { limits?: { sessions: AdmissionLimits; streams: AdmissionLimits }; folder?: string } = {},
): Promise<Front> {
  const folder = options.folder ?? mkdtempSync(path.join(os.tmpdir(), 'patchbay-front-'));
  const recordsFile = path.join(folder, 'http-sessions.jsonl');
  const known = new Map(['*', 'servers/echo', 'servers/old', 'profiles/work'].map((l) => [l, endpoint(l)]));
  const scripted = scriptedMux();
  const arrived: string[] = [];
  const sessions = new SessionRegistry(
    () => {},
    (client) => void arrived.push(client),
  );
  const never = (): never => {
    throw new Error('Only the mux is used here.');
  };
  const transports = createTransports({
    mux: scripted.mux,
    endpoints: { find: (label) => known.get(label) ?? null },
    sessions,
    pool: null as never,
    launches: { forShim: never, forCaller: never, remote: never, key: never },
    tap: NO_TAP,
    tools: NO_OBSERVER,
    isRewritten: () => false,
    sharing: never,
    user: 'me',
    recordsFile,
    limits: options.limits,
  });
  const http = await openHttpFront({
    port: 0,
    token: TOKEN,
    user: 'me',
    ui: path.join(folder, 'no-ui'),
    mcp: transports.http,
    connectApi: never,
  });
  const end = async (): Promise<void> => {
    await transports.close();
    await http.close();
    sessions.dispose();
  };
  return {
    ...scripted,
    http,
    transports,
    sessions,
    arrived,
    recordsFile,
    async restart() {
      await end();
      return openFront({ ...options, folder });
    },
    async close() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Opened {
  request: ClientRequest;
  response: IncomingMessage;
  /** All of the body so far. */
  text(): string;
  /** Resolves when the body so far fits; rejects when it ends before. */
  until(fits: (text: string) => boolean): Promise<string>;
  ended: Promise<void>;
}

const USUAL = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  authorization: `Bearer ${TOKEN}`,
};

export interface Call {
  path?: string;
  method?: string;
  /** Null leaves a usual one out. */
  headers?: Record<string, string | null>;
  body?: string | object;
}

/** Sends a request and resolves with the head of its answer. */
export function openRequest(front: Front, call: Call): Promise<Opened> {
  const { path: target = '/servers/echo/mcp', method = 'POST', headers = {}, body } = call;
  const all = Object.entries({ ...USUAL, ...headers }).filter(([, value]) => value !== null);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: front.http.port,
        path: target,
        method,
        headers: Object.fromEntries(all) as never,
      },
      (response) => {
        let text = '';
        let isOver = false;
        const waiting = new Set<() => void>();
        const wake = (): void => {
          for (const look of waiting) look();
        };
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          wake();
        });
        response.on('error', () => {});
        const ended = new Promise<void>((done) =>
          response.once('close', () => {
            isOver = true;
            wake();
            done();
          }),
        );
        const until = (fits: (text: string) => boolean): Promise<string> =>
          new Promise((found, lost) => {
            const look = (): void => {
              if (!fits(text) && !isOver) return;
              waiting.delete(look);
              if (fits(text)) found(text);
              else lost(new Error(`The body ended: ${text}`));
            };
            waiting.add(look);
            look();
          });
        resolve({ request: sent, response, text: () => text, until, ended });
      },
    );
    sent.on('error', reject);
    sent.end(typeof body === 'object' ? JSON.stringify(body) : body);
  });
}

/** Sends a request and resolves with all of its answer. */
export async function call(front: Front, options: Call): Promise<Answer> {
  const { response, ended, text } = await openRequest(front, options);
  await ended;
  return { status: response.statusCode!, headers: response.headers, body: text() };
}

export const rpc = (id: number | string, method: string, params: object = {}): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

export const initialize = (protocolVersion = '2025-11-25'): object =>
  rpc(0, 'initialize', { protocolVersion, capabilities: {}, clientInfo: { name: 't', version: '1' } });

/** Shakes hands and gives the headers of the session. */
export async function openSession(
  front: Front,
  version = '2025-11-25',
): Promise<{ id: string; headers: Record<string, string> }> {
  const answer = await call(front, { body: initialize(version) });
  const id = answer.headers['mcp-session-id'] as string;
  return { id, headers: { 'mcp-session-id': id, 'mcp-protocol-version': version } };
}

/** The frames and ids of an event stream so far; events without a message have null. */
export function events(text: string): { id: string | null; frame: unknown }[] {
  return text
    .split('\n\n')
    .filter((event) => /^(id|data|event):/m.test(event))
    .map((event) => {
      const field = (name: string): string | null =>
        new RegExp(`^${name}: ?(.*)$`, 'm').exec(event)?.[1] ?? null;
      const data = field('data');
      return { id: field('id'), frame: data ? (JSON.parse(data) as unknown) : null };
    });
}
