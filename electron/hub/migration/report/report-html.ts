import type { ParityReport, ReportClient, ReportEntry } from './parity-report.ts';

/**
 * The report for people: one file that needs nothing else, runs nothing and may be mailed or printed. All text of it
 * comes from configs and servers, so all of it is escaped.
 */
export function reportHtml(report: ParityReport): string {
  const { kind, at, migration, state, madeBy, clients, measured, files, notes } = report;
  const title = kind === 'migration' ? 'Migration report' : 'Verification report';
  const facts: [string, string][] = [
    ['Made', at],
    ['By', madeBy],
    ...(migration === null ? [] : [['Migration', migration] as [string, string]]),
    ...(state === null ? [] : [['Result', state] as [string, string]]),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Patchbay: ${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="summary ${isGood(report) ? 'good' : 'bad'}">${escaped(summaryOf(report))}</p>
<dl>${facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
${clients.map(clientSection).join('\n')}
${section('What to know', notes)}
${section('How it was measured', measured)}
${filesSection(files)}
</main>
</body>
</html>
`;
}

const isGood = ({ clients }: ParityReport): boolean =>
  clients.every(
    ({ outcome, entries }) => outcome !== 'put-back' && entries.every(({ verdict }) => verdict === 'same'),
  );

function summaryOf({ clients }: ParityReport): string {
  const entries = clients.flatMap((client) => client.entries);
  const of = (verdict: ReportEntry['verdict']): number =>
    entries.filter((entry) => entry.verdict === verdict).length;
  const back = clients.filter(({ outcome }) => outcome === 'put-back').map(({ name }) => name);
  const parts = [
    `${of('same')} of ${entries.length} server entries offer the same as before`,
    ...(of('lost') > 0 ? [`${of('lost')} lost something`] : []),
    ...(of('slower') > 0 ? [`${of('slower')} became slower`] : []),
    ...(of('silent') > 0 ? [`${of('silent')} did not answer before and do not now`] : []),
    ...(back.length > 0 ? [`${back.join(' and ')} put back`] : []),
  ];
  return `${parts.join('; ')}.`;
}

const OUTCOMES: Readonly<Record<ReportClient['outcome'], string>> = {
  migrated: 'goes through Patchbay',
  'put-back': 'was put back as it was',
  left: 'was left as it is',
  verified: 'compared',
};

const RESTARTS: Readonly<Record<ReportClient['restart'], string>> = {
  'not-running': '',
  restarted: 'It was stopped and started again.',
  'not-started': 'It was stopped and has to be started by hand.',
  'goes-on': 'Its sessions go on as they are.',
};

function clientSection(client: ReportClient): string {
  const { name, outcome, restart, arrived, remarks, sessions, entries } = client;
  const came =
    arrived && arrived.seen.length > 0 ? [`It came to the hub itself for ${arrived.seen.join(', ')}.`] : [];
  const lines = [...(RESTARTS[restart] ? [RESTARTS[restart]] : []), ...came, ...remarks, ...sessions];
  return `<section>
<h2>${escaped(name)} <small>${escaped(OUTCOMES[outcome])}</small></h2>
${list(lines)}
${entries.length > 0 ? `<div class="wide"><table>${HEAD}<tbody>${entries.map(entryRow).join('')}</tbody></table></div>` : ''}
</section>`;
}

const HEAD =
  '<thead><tr><th>Result</th><th>Server</th><th>Tools</th><th>Prompts</th><th>Resources</th><th>Templates</th>' +
  '<th>Start</th><th>Latency</th><th>Way</th></tr></thead>';

const VERDICTS: Readonly<Record<ReportEntry['verdict'], string>> = {
  same: 'Same',
  lost: 'Lost',
  slower: 'Slower',
  silent: 'Silent',
};

function entryRow(entry: ReportEntry): string {
  const { server, scope, project, verdict, before, after, route } = entry;
  const where = project === null ? scope : `${scope}, ${project}`;
  const pair = (kind: 'tools' | 'prompts' | 'resources' | 'templates'): string =>
    escaped(beforeAfter(before.counts?.[kind] ?? null, after.counts?.[kind] ?? null, String));
  const times = (kind: 'startMs' | 'latencyMs'): string =>
    escaped(beforeAfter(before[kind], after[kind], (value) => `${value.toFixed(1)} ms`));
  const era = after.era === 'modern' ? ', 2026-07-28' : '';
  return (
    `<tr class="${verdict}"><td>${VERDICTS[verdict]}</td><th scope="row">${escaped(server)}<small>${escaped(where)}</small>` +
    `${list(detailsOf(entry))}</th><td>${pair('tools')}</td><td>${pair('prompts')}</td><td>${pair('resources')}</td>` +
    `<td>${pair('templates')}</td><td>${times('startMs')}</td><td>${times('latencyMs')}</td>` +
    `<td>${escaped(route + era)}</td></tr>`
  );
}

function detailsOf({ missing, changed, added, before, after }: ReportEntry): string[] {
  return [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(changed.length > 0 ? [`changed: ${changed.join(', ')}`] : []),
    ...(added.length > 0 ? [`new: ${added.join(', ')}`] : []),
    ...(before.error === null ? [] : [`before: ${before.error}`]),
    ...(after.error === null ? [] : [`after: ${after.error}`]),
  ];
}

function beforeAfter(
  before: number | null,
  after: number | null,
  inWords: (value: number) => string,
): string {
  if (before === null && after === null) return '–';
  const words = (value: number | null): string => (value === null ? '–' : inWords(value));
  return words(before) === words(after) ? words(after) : `${words(before)} → ${words(after)}`;
}

function filesSection(files: ParityReport['files']): string {
  if (files.length === 0) return '';
  const rows = files.map(
    ({ path, backup, sha256Before, sha256After }) =>
      `<li><code>${escaped(path)}</code><small>before <code>${escaped(sha256Before)}</code></small>` +
      `<small>after <code>${escaped(sha256After)}</code></small><small>saved as <code>${escaped(backup)}</code></small></li>`,
  );
  return `<section><h2>Files</h2><ul>${rows.join('')}</ul></section>`;
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<section><h2>${escaped(title)}</h2>${list(lines)}</section>`;

const list = (lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Turns the direction of the text around it, or is not seen at all: a name could pretend to be another. */
const INVISIBLE = /[\p{Cc}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

const escaped = (text: string): string =>
  text.replace(INVISIBLE, '\uFFFD').replace(/[&<>"']/g, (mark) => ENTITIES[mark]!);

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #16703a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --good: #6cd391; --bad: #ff8a80; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; padding: 2rem 1rem; }
main { max-width: 64rem; margin: 0 auto; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
small { display: block; font-weight: normal; opacity: .75; }
h2 small { display: inline; }
.summary { font-weight: 600; }
.good, .same > td:first-child { color: var(--good); }
.bad, .lost > td:first-child, .slower > td:first-child { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dd { margin: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
td { white-space: nowrap; }
tbody th { font-weight: 600; min-width: 12rem; overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; margin: .4rem 0; overflow-wrap: anywhere; }
tbody ul { font-weight: normal; }
code { font-size: .85em; }
@media print { body { padding: 0; } section { break-inside: avoid-page; } .wide { overflow: visible; } }
`;
