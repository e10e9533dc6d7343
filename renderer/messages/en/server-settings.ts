import { plural } from '../../lib/format.ts';

/** Texts of a server's settings and of the import. */
export const serverSettingsMessages = {
  form: 'Settings of this server',
  applies: 'Live sessions keep what they have; the next ones get the new.',
  sharing: 'Processes',
  limits: 'Limits',
  tools: 'Tools',
  holdChangedTools: 'Hold tools that have changed',
  holdChangedToolsHint:
    'Clients neither see nor call a tool whose definition is not the accepted one, until you accept it. New sessions go through the hub’s own routes for it. Off: you are told, and nothing is held.',
  isolation: 'Isolation',
  isolationHint: 'Who shares one process.',
  isolations: {
    session: 'session: one process per session',
    client: 'client: one per client',
    user: 'user: one per user',
    shared: 'shared: one for all',
  },
  default: (value: string): string => `Default (${value})`,
  none: 'none',
  fields: {
    warm: 'Started ahead',
    copies: 'Copies side by side',
    concurrency: 'Calls at once',
    idleTimeout: 'Ends when unused for',
    timeout: 'Call timeout',
    startTimeout: 'Start timeout',
    memoryLimit: 'Memory limit',
  },
  hints: {
    warm: 'warm: processes for the next session, 0 to 8.',
    copies: 'copies: of a shared process, 1 to 64.',
    concurrency: 'concurrency: to one shared process; more wait their turn.',
    idleTimeout: 'idleTimeout: of a shared process, such as 5m.',
    timeout: 'timeout: without a sign of progress, such as 30s.',
    startTimeout: 'startTimeout: for start and handshake, such as 1m.',
    memoryLimit: 'memoryLimit: warned of above it, restarted when idle. Such as 512mb.',
  },
  problems: {
    warm: 'Give a whole number from 0 to 8.',
    copies: 'Give a whole number from 1 to 64.',
    concurrency: 'Give a whole number from 1 to 1,024.',
    idleTimeout: 'Give a time such as 30s or 5m.',
    timeout: 'Give a time such as 30s or 5m.',
    startTimeout: 'Give a time such as 30s or 5m.',
    memoryLimit: 'Give a size such as 512mb or 2gb.',
    rename: 'Two tools cannot have the same name.',
  },
  allow: 'Show only',
  allowHint: 'Names or patterns with *, one per line. Empty: all.',
  deny: 'Hide',
  denyHint: 'Names or patterns with *, one per line. Hiding wins.',
  seen: 'Tools that were seen',
  seenColumns: { shown: 'Shown', tool: 'Tool', rename: 'Shown as' },
  seenFrom: {
    list: 'From the newest recorded tools/list.',
    calls: 'From calls of the last 7 days; no tools/list was recorded whole.',
  },
  noneSeen: 'No tools were seen yet. They show here once a client has asked this server for them.',
  showTool: (tool: string): string => `Show ${tool}`,
  renameTool: (tool: string): string => `Show ${tool} as`,
  byPattern: 'by a pattern',
  permissions:
    'Clients know tools by the shown name: rules and allow-lists that name the old one stop matching.',
  save: 'Save settings',
  discard: 'Discard',
  saved: 'Saved',
  unchanged: 'No changes to save',
  import: {
    open: 'Import',
    title: 'Import servers',
    description:
      'From a config file of Claude Desktop, Claude Code, Cursor, VS Code, Docker MCP, MetaMCP and others.',
    file: 'File',
    choose: 'Choose a file…',
    orPaste: 'Or paste it',
    pasteHint: 'The text of the file. Nothing is added before you have seen what it would be.',
    pasted: 'pasted text',
    tooLarge: 'This file is larger than 8 MB. Pick out the part with the servers.',
    unreadable: (why: string): string => `The file could not be read: ${why}`,
    preview: 'Show what would be added',
    format: (format: string): string => `This is ${format}.`,
    summary: (added: number, known: number, passedOver: number): string =>
      [
        plural(added, { one: '# server would be added', other: '# servers would be added' }),
        known > 0 &&
          plural(known, { one: '# is in the catalog already', other: '# are in the catalog already' }),
        passedOver > 0 &&
          plural(passedOver, { one: '# part was passed over', other: '# parts were passed over' }),
      ]
        .filter((part) => part !== false)
        .join(', '),
    table: 'What would be added',
    columns: { action: 'Action', name: 'Server', launch: 'Starts' },
    add: 'Add',
    addOff: 'Add, switched off',
    duplicate: 'Known',
    as: (server: string): string => `as ${server}`,
    sameAs: (server: string): string => `same as ${server}`,
    secrets: (count: number): string =>
      plural(count, {
        one: '# secret in clear would stand in the catalog.',
        other: '# secrets in clear would stand in the catalog.',
      }),
    passedOver: 'Passed over',
    confirm: (count: number): string => plural(count, { one: 'Import # server', other: 'Import # servers' }),
    nothing: 'Nothing to import',
    back: 'Another file',
  },
} as const;
