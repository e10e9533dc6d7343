import { plural } from '../../lib/format.ts';

/** Texts of one exchange in full. */
export const exchangeMessages = {
  label: 'Exchange',
  close: 'Close the detail (Esc)',
  loading: 'Loading the exchange…',
  notification: 'Notification',
  request: 'Request',
  response: 'Response',
  view: 'How bodies are shown',
  pretty: 'Pretty',
  raw: 'Raw',
  copyRequest: 'Copy the request',
  copyResponse: 'Copy the response',
  noBody: 'Not kept. Body capture was off when this exchange was recorded, or it has been trimmed.',
  waiting: 'No answer yet.',
  noResponse: 'There is no response.',
  truncated: (kept: string, whole: string): string => `Cut at the capture limit: ${kept} of ${whole} kept.`,
  redactions: (count: number): string =>
    plural(count, { one: '# secret redacted', other: '# secrets redacted' }),
  notJson: 'This is not JSON, so it is shown as it came.',
  phases: { queue: 'Waiting', hubIn: 'Hub in', server: 'Server', hubOut: 'Hub out' },
  phaseSentence: (parts: readonly { name: string; duration: string }[]): string =>
    parts
      .map(({ name, duration }, index) => `${index === 0 ? name : name.toLowerCase()} ${duration}`)
      .join(', '),
  noTiming: 'No phases recorded.',
  summary: 'Summary',
  client: 'Client',
  project: 'Project',
  server: 'Server',
  session: 'Session',
  instance: 'Instance',
  rpcId: 'JSON-RPC id',
  started: 'Started',
  duration: 'Duration',
  sizes: 'Size',
  sizeOf: (request: string, response: string): string => `${request} → ${response}`,
  direction: 'Direction',
  directions: { 'client-to-server': 'Client to server', 'server-to-client': 'Server to client' },
  filterBy: (what: string): string => `Show only ${what}`,
} as const;
