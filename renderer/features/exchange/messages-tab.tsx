import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { ExchangeContext } from '../../../shared/model/exchange.ts';
import { formatDuration } from '../../lib/format.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { BodySection } from './body-section.tsx';
import { messageKind, messageText } from './call-events.ts';
import { useBody } from './use-body.ts';

const text = messages.exchange.messagesTab;
const NAMES = messages.exchange.waterfall;

type Message = ExchangeContext['messages'][number];

interface MessagesTabProps {
  startAt: number;
  context: ExchangeContext;
  onOpen(exchange: number): void;
}

/** What the server said while the call ran: progress, log messages, questions of its own. */
export function MessagesTab({ startAt, context, onOpen }: MessagesTabProps) {
  if (context.messages.length === 0) return <p className="p-3 text-muted">{text.empty}</p>;
  return (
    <ul aria-label={text.list} className="divide-y divide-line/60">
      {context.messages.map((message) => (
        <MessageLine key={message.exchange.id} message={message} startAt={startAt} onOpen={onOpen} />
      ))}
    </ul>
  );
}

interface MessageLineProps {
  message: Message;
  startAt: number;
  onOpen(exchange: number): void;
}

function MessageLine({ message, startAt, onOpen }: MessageLineProps) {
  const { exchange, body } = message;
  const [isOpen, setOpen] = useState(false);
  const kind = messageKind(exchange);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-center gap-2 px-3 py-1 text-left text-xs -outline-offset-2 hover:bg-hover"
      >
        <Icon aria-hidden="true" className="size-3 shrink-0 text-faint" />
        <span className="w-16 shrink-0 text-muted">{formatDuration(exchange.at - startAt)}</span>
        <Badge tone={kind === 'requests' ? 'accent' : kind === 'logging' ? 'info' : 'neutral'}>
          {NAMES[kind]}
        </Badge>
        <span className="min-w-0 flex-1 truncate">
          <SafeText text={oneLine(messageText(exchange, body))} />
        </span>
        {exchange.durationMs !== null && (
          <span className="shrink-0 text-muted">{formatDuration(exchange.durationMs)}</span>
        )}
      </button>
      {isOpen && (
        <div className="border-t border-line/60 bg-surface pb-2">
          <MessageBody message={message} />
          {kind === 'requests' && (
            <Button className="mt-1 ml-3" onClick={() => onOpen(exchange.id)}>
              {text.open}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function MessageBody({ message }: { message: Message }) {
  const read = useBody(message.body);
  return (
    <BodySection
      title={message.exchange.method}
      copyLabel={messages.exchange.copyBody}
      read={read}
      isRaw={false}
      missing={text.noBody}
      className="max-h-72"
    />
  );
}
