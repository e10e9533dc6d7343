import type { ReactNode } from 'react';
import type { ServerView } from '../../../shared/model/server.ts';
import { joinCommandLine } from '../../lib/command-line.ts';
import { filterTerm } from '../../lib/filter-text.ts';
import { formatCount } from '../../lib/format.ts';
import { formatRoute } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { InstanceTable } from './instance-table.tsx';
import { LoginSection } from './login-section.tsx';
import { SessionTable } from './session-table.tsx';
import { StderrPanel } from './stderr-panel.tsx';

const text = messages.servers;

/** How a server is started, what runs, who uses it, and what it wrote. */
export function ServerOverview({ server }: { server: ServerView }) {
  const isLocal = server.transport === 'stdio';
  const commandLine = server.url ?? joinCommandLine([server.command, ...server.args]);
  return (
    <>
      <div
        role="region"
        aria-label={server.name}
        tabIndex={0}
        className="flex min-h-0 flex-[3] flex-col gap-3 overflow-y-auto p-4 -outline-offset-2"
      >
        {server.lastError !== null && (
          <Notice tone={server.state === 'failed' ? 'danger' : 'warn'}>
            <span className="font-medium">{text.lastError}: </span>
            <LongText text={server.lastError} />
          </Notice>
        )}
        <section aria-label={isLocal ? text.commandLine : text.url}>
          <div className="flex items-start gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-2.5">
            <code className="min-w-0 flex-1 py-1 font-mono text-xs leading-5 text-hostile whitespace-pre-wrap">
              <LongText text={commandLine} />
            </code>
            <CopyButton label={text.copyCommand} text={commandLine} />
          </div>
        </section>
        {server.login && <LoginSection server={server} login={server.login} />}
        <Facts server={server} />
        <InstanceTable server={server} />
        <SessionTable server={server} />
      </div>
      {isLocal && <StderrPanel name={server.name} />}
    </>
  );
}

function Facts({ server }: { server: ServerView }) {
  const link = 'rounded-sm text-accent underline-offset-2 hover:underline';
  return (
    <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-xs">
      <Fact name={text.lastHour}>
        <a
          href={formatRoute({
            screen: 'traffic',
            filter: `${filterTerm('server', server.name)} since:1h`,
            exchange: null,
          })}
          className={link}
        >
          {text.callsAndErrors(server.callsLastHour, server.errorsLastHour)}
        </a>
      </Fact>
      <Fact name={text.restarts}>{formatCount(server.restarts)}</Fact>
      {server.transport === 'stdio' && (
        <Fact name={text.isolationFact}>
          <a href={formatRoute({ screen: 'servers', server: server.name, view: 'sharing' })} className={link}>
            {messages.serverSettings.isolations[server.isolation]}
          </a>
        </Fact>
      )}
      <Fact name={text.envNames}>
        {server.envNames.length === 0 ? (
          <span className="text-muted">{text.noEnv}</span>
        ) : (
          <span title={text.envNamesHint} className="font-mono">
            <SafeText text={server.envNames.join(', ')} />
          </span>
        )}
      </Fact>
      <Fact name={text.origin}>
        {server.origin ? (
          <>
            {messages.client[server.origin.client] ?? server.origin.client}
            <span className="text-muted">{` (${server.origin.scope}) `}</span>
            <span className="font-mono">
              <SafeText text={server.origin.path} />
            </span>
          </>
        ) : (
          text.byHand
        )}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="text-hostile">{children}</dd>
    </>
  );
}
