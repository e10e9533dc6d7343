import { formatCount, formatDuration, formatShare, plural } from '../../lib/format.ts';

/** Texts of the alerts, a part of the latency screen. */
export const alertsMessages = {
  group: 'Alerts',
  now: 'Alerts',
  rules: 'Rules',
  firing: 'firing',
  states: { firing: 'Firing', pending: 'Pending', resolved: 'Resolved' },
  summary: (firing: number, pending: number): string =>
    firing + pending === 0
      ? 'Nothing holds at the moment.'
      : [
          firing > 0 && `${formatCount(firing)} firing`,
          pending > 0 && `${formatCount(pending)} pending (not for long enough yet)`,
        ]
          .filter((part) => part !== false)
          .join(', '),
  noneTitle: 'No alerts',
  none: 'An alert shows here as soon as a rule holds, and stays in the list after it is resolved.',
  noRules: 'No rules yet. Take a template, or add your own.',
  columns: {
    state: 'State',
    rule: 'Rule',
    where: 'Where',
    value: 'Measured',
    since: 'Since',
    enabled: 'On',
    condition: 'Condition',
    actions: 'Actions',
  },
  allCalls: 'all calls',
  eachServer: 'each server',
  resolvedAfter: (since: string, duration: string): string => `${since}, for ${duration}`,
  down: 'failed',
  showLatency: (what: string): string => `Show the latency of ${what}`,
  showServer: (server: string): string => `Show the server ${server}`,
  kinds: { p99: 'Slow calls (p99)', 'error-rate': 'Failed calls (error rate)', 'server-down': 'Server down' },
  conditions: {
    p99: (where: string, threshold: number, minutes: number): string =>
      `1 of 100 calls of ${where} takes longer than ${formatDuration(threshold)} for ${minutes} min`,
    'error-rate': (where: string, threshold: number, minutes: number): string =>
      `More than ${formatShare(threshold / 100)} of the calls of ${where} fail for ${minutes} min`,
    'server-down': (where: string, _: number, minutes: number): string =>
      `Failed for ${minutes} min: ${where}`,
  },
  atLeast: (count: number): string => plural(count, { one: 'at least # call', other: 'at least # calls' }),
  toolOn: (tool: string, server: string): string => `${tool} on ${server}`,
  templates: 'From a template',
  templateNames: {
    'slow-calls': 'Slow calls',
    'failing-calls': 'Failing calls',
    'server-down': 'Server down',
  } as Record<string, string>,
  add: 'Add rule',
  edit: (name: string): string => `Edit ${name}`,
  remove: (name: string): string => `Remove ${name}`,
  enable: (name: string): string => `Watch ${name}`,
  removeTitle: (name: string): string => `Remove the rule “${name}”?`,
  removeBody: 'Its alerts go with it. Nothing else changes.',
  confirmRemove: 'Remove',
  notified: 'The desktop app raises a notification when an alert fires; here it is counted beside “Latency”.',
  dialog: {
    addTitle: 'Add an alert rule',
    editTitle: 'Edit the alert rule',
    description: 'A condition that has held for some minutes is worth telling about.',
    name: 'Name',
    nameWrong: 'Give it a name of at most 80 characters.',
    kind: 'What to watch',
    server: 'Server',
    serverHint: 'Each: one alert per server.',
    each: 'Each server',
    tool: 'Tool',
    toolHint: 'Empty: all calls of the server together.',
    p99: 'Slower than',
    p99Hint: 'Such as 800ms, 2s or 1m.',
    p99Wrong: 'Give a time such as 800ms, 2s or 1m.',
    'error-rate': 'More than, in percent',
    'error-rateHint': 'Failed calls of all calls.',
    'error-rateWrong': 'Give a number from 0 to less than 100.',
    forMinutes: 'For, in minutes',
    forMinutesHint: 'Also the length of the window that is looked at.',
    forMinutesWrong: 'Give a whole number from 1 to 1,440.',
    minCalls: 'At least this many calls',
    minCallsHint: 'Fewer calls in the window say nothing.',
    minCallsWrong: 'Give a whole number from 1 to 100,000.',
    save: 'Save rule',
  },
  prometheus: {
    open: 'Prometheus rules',
    title: 'Rules for Prometheus',
    description: 'The rules that are on, over the metrics this hub serves at /metrics.',
    copy: 'Copy the rules',
    download: 'Download',
    file: 'patchbay-alerts.yml',
  },
} as const;
