import { ChevronDown, ChevronUp, GitCompareArrows, RotateCw, Star, X } from 'lucide-react';
import type { Annotation, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { subjectOf } from '../traffic/exchange-words.ts';
import { CopyMenu } from './copy-menu.tsx';
import type { ExchangeActions } from './use-exchange-commands.ts';

const text = messages.exchange;

interface ExchangeHeaderProps {
  detail: ExchangeDetail;
  annotation: Annotation | null;
  actions: ExchangeActions;
  onClose(): void;
}

const withKey = (label: string, key: string): string => `${label} (${key})`;

/** What the exchange is about, and what can be done with it. */
export function ExchangeHeader({ detail, annotation, actions, onClose }: ExchangeHeaderProps) {
  const { main, rest } = subjectOf(detail.exchange);
  const isBookmarked = annotation?.bookmarked ?? false;
  return (
    <header className="flex min-h-9 items-center gap-0.5 border-b border-line py-1 pr-1.5 pl-3">
      <h2 className="min-w-0 flex-1 truncate font-semibold">
        <SafeText text={oneLine(main)} />
        {rest && <span className="pl-1.5 font-normal text-muted">{rest}</span>}
      </h2>
      <IconButton
        label={withKey(text.actions.previous, '[')}
        icon={<ChevronUp className="size-4" />}
        disabled={actions.previous === null}
        onClick={() => actions.previous?.()}
      />
      <IconButton
        label={withKey(text.actions.next, ']')}
        icon={<ChevronDown className="size-4" />}
        disabled={actions.next === null}
        onClick={() => actions.next?.()}
      />
      <IconButton
        label={withKey(isBookmarked ? text.actions.removeBookmark : text.actions.bookmark, 'B')}
        icon={<Star className={isBookmarked ? 'size-3.5 fill-current' : 'size-3.5'} />}
        isPressed={isBookmarked}
        onClick={() => actions.bookmark()}
      />
      <IconButton
        label={withKey(text.actions.replay, 'R')}
        icon={<RotateCw className="size-3.5" />}
        disabled={actions.replay === null}
        onClick={() => actions.replay?.()}
      />
      <IconButton
        label={withKey(text.actions.compare, 'D')}
        icon={<GitCompareArrows className="size-3.5" />}
        disabled={actions.compare === null}
        onClick={() => actions.compare?.()}
      />
      <CopyMenu detail={detail} />
      <IconButton label={text.close} icon={<X className="size-4" />} onClick={onClose} />
    </header>
  );
}
