/** Numbers from a seed, the same on every machine (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}

const SERVERS: readonly (readonly [string, object])[] = [
  [
    'filesystem',
    { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '/home/ada/Documents'] },
  ],
  [
    'github',
    {
      command: 'docker',
      args: ['run', '-i', '--rm', '-e', 'GITHUB_TOKEN', 'ghcr.io/github/github-mcp-server'],
      env: { GITHUB_TOKEN: 'ghp_0123456789abcdefghijABCDEFGHIJ' },
    },
  ],
  ['memory', { type: 'stdio', command: 'npx', args: ['-y', '@modelcontextprotocol/server-memory'], env: {} }],
  ['postgres', { command: 'uvx', args: ['mcp-server-postgres', 'postgresql://ada:pa55@localhost/db'] }],
  ['time', { command: 'uvx', args: ['mcp-server-time', '--local-timezone=Europe/Berlin'] }],
  ['windows', { command: 'cmd', args: ['/c', 'npx', '-y', 'thing'] }],
  ['paths', { command: 'C:\\Program Files\\nodejs\\node.exe', args: ['C:\\Users\\Ada\\mcp\\server.js', ''] }],
  ['bare', { command: '/usr/local/bin/mcp-thing' }],
  ['empty-args', { command: 'thing', args: [] }],
  [
    'remote',
    { type: 'http', url: 'https://mcp.example.com/mcp', headers: { Authorization: 'Bearer abcdefghijkl' } },
  ],
  ['events', { type: 'sse', url: 'https://mcp.example.com/sse' }],
  ['späte Größe 😀', { command: 'node', args: ['ünï.js', '--name', 'Zoë "quoted" \\ back'] }],
  [
    'a/b~1',
    { command: 'x', args: ['--', '--client', 'y'], cwd: '/srv', disabled: false, alwaysAllow: ['read'] },
  ],
  ['__proto__', { command: 'proto', args: ['-v'] }],
];

/** What else stands in such files; none of it is ours to change. */
const STATE: readonly (readonly [string, unknown])[] = [
  ['numStartups', 184],
  ['userID', '8f14e45fceea167a5a36dedd4bea2543'],
  ['oauthAccount', { accountUuid: 'a-b-c', emailAddress: 'ada@example.com', organizationRole: 'admin' }],
  ['tipsHistory', { 'new-user-warmup': 4, 'shift-enter': 183 }],
  ['hasCompletedOnboarding', true],
  ['customApiKeyResponses', { approved: [], rejected: ['x'] }],
  [
    'preferences',
    { sidebarMode: 'chat', localAgentModeTrustedFolders: ['/home/ada'], epitaxyPrefs: { a: [1, 2] } },
  ],
  ['globalShortcut', 'Ctrl+Space'],
  ['cachedStatsigGates', { gate_a: false, gate_b: true }],
  ['text', 'line\\n with "quotes", {braces}, [brackets] and // no comment'],
  ['nothing', null],
];

/** A config as people have them: content, style and line ends drawn from a seed. */
export function realShapedConfig(seed: number): string {
  const dice = new Dice(seed);
  const table = (): Record<string, unknown> => {
    const entries = Object.create(null) as Record<string, unknown>;
    for (let left = dice.below(6); left > 0; left -= 1) {
      const [name, definition] = dice.pick(SERVERS);
      entries[dice.chance(20) ? `${name} ${left}` : name] = definition;
    }
    return entries;
  };
  const members: [string, unknown][] = [];
  const state = STATE.filter(() => dice.chance(40));
  const at = dice.below(state.length + 1);
  members.push(...(state.slice(0, at) as [string, unknown][]), ['mcpServers', table()]);
  members.push(...(state.slice(at) as [string, unknown][]));
  if (dice.chance(60)) {
    const projects: Record<string, unknown> = {};
    for (let left = dice.below(4); left > 0; left -= 1)
      projects[`/home/ada/project ${left}`] = {
        allowedTools: [],
        history: [{ display: 'fix it', pastedContents: {} }],
        ...(dice.chance(70) && { mcpServers: table() }),
        hasTrustDialogAccepted: dice.chance(50),
      };
    members.push(['projects', projects]);
  }
  return dressed(
    JSON.stringify(Object.fromEntries(members), null, dice.pick(['', '  ', '    ', '\t'])),
    dice,
  );
}

/** What JSON.stringify never writes and people's files have. */
function dressed(json: string, dice: Dice): string {
  let text = json;
  if (dice.chance(30))
    text = text.replaceAll('184', dice.pick(['1.0', '12345678901234567890', '1e400', '-0', '0.10']));
  if (dice.chance(20)) text = text.replace('{', '{ // mine\n /* { "mcpServers": {} } */');
  if (dice.chance(15)) text = text.replace(/(["\]}\d])(\s*\})/, '$1,$2');
  if (dice.chance(20)) text = text.replaceAll('ü', '\\u00fc').replaceAll('/', '\\/');
  if (dice.chance(30)) text = text.replaceAll('\n', '\r\n');
  else if (dice.chance(10)) text = text.replace('\n', '\r\n');
  if (dice.chance(50)) text += dice.pick(['\n', '\r\n', '\n\n', '  ']);
  return dice.chance(10) ? `\uFEFF${text}` : text;
}

type Mutation = (bytes: Buffer, dice: Dice) => Buffer;

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '/',
  '//',
  '/*',
  '*/',
  '\n',
  '\r',
  '\t',
  ' ',
  '\0',
  '\u2028',
  '\uFEFF',
  'null',
  '1',
  '"x":1,',
  '"mcpServers":{},',
  '{"command":"y"}',
  '\ud800',
];
const splice = (bytes: Buffer, at: number, remove: number, add: string | Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(add as string), bytes.subarray(at + remove)]);
const replacing =
  (from: RegExp, to: string): Mutation =>
  (bytes) =>
    Buffer.from(bytes.toString().replace(from, to));

/** What disks, merge tools, scripts and tired people do to such files. */
const MUTATIONS: readonly Mutation[] = [
  (bytes, dice) => splice(bytes, dice.below(bytes.length), 0, dice.pick(PIECES)),
  (bytes, dice) => splice(bytes, dice.below(bytes.length), 1 + dice.below(12), ''),
  (bytes, dice) => splice(bytes, dice.below(bytes.length), 1, dice.pick(PIECES)),
  (bytes, dice) => bytes.subarray(0, dice.below(bytes.length)),
  (bytes, dice) => {
    const at = dice.below(bytes.length);
    return splice(bytes, at, 0, bytes.subarray(at, at + dice.below(60)));
  },
  (bytes, dice) => splice(bytes, dice.below(bytes.length), 1, Buffer.from([dice.below(256)])),
  (bytes, dice) =>
    splice(
      bytes,
      dice.below(bytes.length),
      0,
      dice.pick(['\n', '\r\n', '\t\t', ' '.repeat(300), '// x\n', '/* x */']),
    ),
  (bytes, dice) => {
    const lines = bytes.toString().split('\n');
    const at = dice.below(lines.length);
    lines.splice(dice.below(lines.length), 0, ...lines.splice(at, 1));
    return Buffer.from(lines.join('\n'));
  },
  (bytes, dice) =>
    splice(bytes, bytes.length, 0, dice.pick(['}', '\0\0\0', '<<<<<<< HEAD\n', '{}', ',', '\n\n\n'])),
  (bytes) => Buffer.concat([Buffer.from('\uFEFF'), bytes]),
  (bytes) => Buffer.from(`\uFEFF${bytes.toString()}`, 'utf16le'),
  replacing(/"mcpServers"/, '"mcp\\u0053ervers"'),
  replacing(/"mcpServers"/, '"MCPServers"'),
  replacing(/"mcpServers"\s*:\s*\{/, '"mcpServers": null, "x": {'),
  replacing(/"command"\s*:\s*"[^"]*"/, '"command": ""'),
  replacing(/"command"\s*:\s*"[^"]*"/, '"command": ["npx"]'),
  replacing(/"args"\s*:\s*\[/, '"args": [1, null, '),
  replacing(/"args"\s*:\s*\[/, '"args" : /* here */ [ // and here\n'),
  replacing(/"command"/, '"command": "other", "command"'),
  replacing(/"env"\s*:\s*\{/, '"env": {"A": 1, '),
  replacing(/\}(\s*)\}/, '},$1}'),
  replacing(/:/g, ' : '),
  replacing(/"/, "'"),
  replacing(/\n/g, '\r'),
  (bytes) => Buffer.from(`${'{"a":'.repeat(201)}${bytes.toString()}${'}'.repeat(201)}`),
];

/** One of these, drawn from a seed; now and then two. */
export function mutated(text: string, seed: number): Buffer {
  const dice = new Dice(seed);
  const once = dice.pick(MUTATIONS)(Buffer.from(text), dice);
  return dice.chance(20) && once.length > 0 ? dice.pick(MUTATIONS)(once, dice) : once;
}
