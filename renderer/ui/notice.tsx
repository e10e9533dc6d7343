import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ErrorInfo } from '../../shared/model/error.ts';
import { classNames } from './class-names.ts';
import { SafeText } from './safe-text.tsx';

const LOOKS = {
  info: { box: 'bg-info-soft', ink: 'text-info', Icon: Info },
  warn: { box: 'bg-warn-soft', ink: 'text-warn', Icon: TriangleAlert },
  danger: { box: 'bg-danger-soft', ink: 'text-danger', Icon: CircleAlert },
} as const;

interface NoticeProps {
  tone: keyof typeof LOOKS;
  children: ReactNode;
  /** Buttons at the end. */
  actions?: ReactNode;
  className?: string;
}

/** Something the person should know. Danger is announced at once, the others when there is time. */
export function Notice({ tone, children, actions, className }: NoticeProps) {
  const { box, ink, Icon } = LOOKS[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={classNames('flex items-start gap-2 rounded-md px-2.5 py-2', box, className)}
    >
      <Icon aria-hidden="true" className={classNames('mt-0.5 size-4 shrink-0', ink)} />
      <div className="min-w-0 flex-1 text-hostile text-ink">{children}</div>
      {actions}
    </div>
  );
}

interface RefusalNoticeProps extends Pick<NoticeProps, 'tone'> {
  title: string;
  refusal: Pick<ErrorInfo, 'message' | 'hint'>;
  /** What the person may do about it. */
  children?: ReactNode;
}

/** Something that the hub would not do, foreseen in a preview: why, and what to do next. */
export function RefusalNotice({ tone, title, refusal, children }: RefusalNoticeProps) {
  return (
    <Notice tone={tone}>
      <p className="font-medium">{title}</p>
      <p>
        <SafeText text={refusal.message} />
      </p>
      <Hint text={refusal.hint} />
      {children}
    </Notice>
  );
}

/** A failure as the hub described it: what happened, where, and what to do next. */
export function ErrorNotice({
  error,
  actions,
  className,
}: { error: ErrorInfo } & Omit<NoticeProps, 'tone' | 'children'>) {
  const place = [error.path, error.line, error.column].filter((part) => part !== undefined).join(':');
  return (
    <Notice tone="danger" actions={actions} className={className}>
      <p className="font-medium">
        <SafeText text={error.message} />
      </p>
      {place && !error.message.includes(place) && (
        <p className="font-mono text-xs text-muted">
          <SafeText text={place} />
        </p>
      )}
      <Hint text={error.hint} />
      <p className="font-mono text-2xs text-muted">{error.code}</p>
    </Notice>
  );
}

function Hint({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <p className="text-muted">
      <SafeText text={text} />
    </p>
  );
}
