import { Tabs } from '@base-ui/react/tabs';
import { type ReactNode, type RefObject, useState } from 'react';
import type { ErrorInfo } from '../../../shared/model/error.ts';
import type { ExchangeContext, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { formatCount } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { isFailure } from '../traffic/outcome.tsx';
import { BodyTab } from './body-tab.tsx';
import { ExchangeStrip } from './exchange-facts.tsx';
import { ExchangeHeader } from './exchange-header.tsx';
import { MessagesTab } from './messages-tab.tsx';
import { NotesTab } from './notes-tab.tsx';
import { RelatedTab } from './related-tab.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { StderrTab } from './stderr-tab.tsx';
import { TimingBar } from './timing-bar.tsx';
import { TimingTab } from './timing-tab.tsx';
import { useAnnotation } from './use-annotation.ts';
import { useExchangeCommands } from './use-exchange-commands.ts';
import { type Tab, TABS, type ViewState } from './view-state.ts';

const text = messages.exchange;

interface ExchangeViewProps {
  detail: ExchangeDetail;
  problem: ErrorInfo | null;
  /** Null while it is asked for, and when it could not be had. */
  context: ExchangeContext | null;
  contextProblem: ErrorInfo | null;
  view: ViewState;
  onView(view: ViewState): void;
  onGo(exchange: number, compare?: number): void;
  onClose(): void;
  findInput: RefObject<HTMLInputElement | null>;
}

/** One exchange: what it was, in tabs, and what can be done with it. */
export function ExchangeView(props: ExchangeViewProps) {
  const { detail, problem, context, contextProblem, view, onView, onGo, onClose, findInput } = props;
  const { exchange } = detail;
  const [isReplaying, setReplaying] = useState(false);
  const annotation = useAnnotation(exchange.id);
  const previousSame = context?.sameTool.at(-1)?.id ?? null;
  const showTab = (tab: Tab): void => onView({ ...view, tab });
  const actions = useExchangeCommands({
    exchange,
    previousSame,
    onTab: showTab,
    onFind: () => {
      showTab('body');
      // The tab may have to appear first.
      requestAnimationFrame(() => findInput.current?.focus());
    },
    onBookmark: annotation.toggleBookmark,
    onReplay: () => setReplaying(true),
    onGo,
  });
  const marks: Partial<Record<Tab, number>> = context
    ? {
        messages: context.messages.length,
        stderr: context.stderr.length,
        related: context.sameTool.length + context.nearby.length,
      }
    : {};
  const around = (show: (found: ExchangeContext) => ReactNode): ReactNode =>
    context ? (
      show(context)
    ) : contextProblem ? (
      <ErrorNotice error={contextProblem} className="m-3" />
    ) : (
      <Around />
    );

  return (
    <>
      <ExchangeHeader
        detail={detail}
        annotation={annotation.annotation}
        actions={actions}
        onClose={onClose}
      />
      <div className="flex flex-col gap-1.5 px-3 pt-1.5 pb-2">
        {problem && <ErrorNotice error={problem} />}
        {annotation.action.error && view.tab !== 'notes' && <ErrorNotice error={annotation.action.error} />}
        {isFailure(exchange) && exchange.errorMessage !== null && (
          <Notice tone="danger" className="max-h-24 overflow-auto">
            <SafeText text={exchange.errorMessage} />
          </Notice>
        )}
        <ExchangeStrip exchange={exchange} />
        {exchange.kind === 'request' && <TimingBar phases={detail.phases} />}
      </div>
      <Tabs.Root
        value={view.tab}
        onValueChange={(value: Tab) => showTab(value)}
        className="flex min-h-0 flex-1 flex-col"
      >
        <Tabs.List
          aria-label={text.tabsLabel}
          className="flex h-8 shrink-0 items-stretch gap-3.5 overflow-x-auto border-b border-line px-3 [scrollbar-width:none]"
        >
          {TABS.map((tab) => (
            <Tabs.Tab
              key={tab}
              value={tab}
              className="-mb-px flex items-center gap-1 border-b-2 border-transparent text-xs whitespace-nowrap text-muted -outline-offset-2 hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink"
            >
              {text.tabs[tab]}
              {(marks[tab] ?? 0) > 0 && (
                <span className="text-2xs text-muted">{formatCount(marks[tab]!)}</span>
              )}
              {tab === 'notes' && annotation.annotation?.note && (
                <span aria-hidden="true" className="size-1.5 rounded-full bg-accent" />
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Part tab="body" isWhole>
          <BodyTab
            detail={detail}
            form={view.form}
            onForm={(form) => onView({ ...view, form })}
            findInput={findInput}
          />
        </Part>
        <Part tab="timing">
          {contextProblem && <ErrorNotice error={contextProblem} className="m-3" />}
          <TimingTab detail={detail} context={context} onOpen={onGo} />
        </Part>
        <Part tab="messages">
          {around((found) => (
            <MessagesTab startAt={exchange.at} context={found} onOpen={onGo} />
          ))}
        </Part>
        <Part tab="stderr">
          {around((found) => (
            <StderrTab exchange={exchange} context={found} />
          ))}
        </Part>
        <Part tab="related">
          {around((found) => (
            <RelatedTab context={found} onOpen={onGo} onCompare={(other) => onGo(other, exchange.id)} />
          ))}
        </Part>
        <Part tab="notes">
          <NotesTab exchange={exchange.id} control={annotation} />
        </Part>
      </Tabs.Root>
      {isReplaying && <ReplayDialog detail={detail} onClose={() => setReplaying(false)} onGo={onGo} />}
    </>
  );
}

function Part({ tab, isWhole = false, children }: { tab: Tab; isWhole?: boolean; children: ReactNode }) {
  return (
    <Tabs.Panel
      value={tab}
      className={isWhole ? 'min-h-0 flex-1' : 'min-h-0 flex-1 overflow-y-auto -outline-offset-2'}
    >
      {children}
    </Tabs.Panel>
  );
}

const Around = () => (
  <p className="p-3">
    <Spinner label={text.contextLoading} />
  </p>
);
