import { Menu } from '@base-ui/react/menu';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ExchangeDetail } from '../../../shared/model/exchange.ts';
import { copyText } from '../../lib/clipboard.ts';
import { useResource } from '../../lib/hub-context.tsx';
import { rememberedToken } from '../../lib/token.ts';
import { messages } from '../../messages/messages.ts';
import { copyAs, copyObstacle, COPY_FORMS, type CopyForm, type CopyTarget } from './copy-as.ts';

const text = messages.exchange.copyAs;
const SHOWN_MS = 5_000;
/** The hub's own server is in no catalog. */
const BUILT_IN = 'patchbay';

const itemClass =
  'flex cursor-default items-center gap-2 rounded-md px-2 py-1 outline-none data-disabled:text-faint data-highlighted:bg-hover';

/** The exchange in other forms, for other tools. The access token is in it only when a person says so, each time. */
export function CopyMenu({ detail }: { detail: ExchangeDetail }) {
  const { data: status } = useResource('status');
  const { data: servers } = useResource('servers');
  const [withToken, setWithToken] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const token = rememberedToken(window);
  const { server } = detail.exchange;
  const target: CopyTarget = {
    origin: status ? new URL(status.url).origin : '',
    token: withToken ? token : null,
    isKnownServer:
      status !== null && (server === BUILT_IN || (servers?.some(({ name }) => name === server) ?? false)),
  };
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);

  const copy = async (form: CopyForm): Promise<void> => {
    const copied = copyAs(form, detail, target);
    if ('obstacle' in copied) return setSaid(text.impossible[copied.obstacle]);
    if (!(await copyText(copied.text))) return setSaid(text.failed);
    const hasToken = target.token !== null && copied.text.includes(target.token);
    if (hasToken) setSaid(text.tokenIncluded);
    else setSaid(copied.redactions > 0 ? text.redacted(copied.redactions) : text.copied(text[form]));
  };

  return (
    <>
      <Menu.Root onOpenChange={(isOpen) => isOpen && setWithToken(false)}>
        <Menu.Trigger
          aria-label={messages.exchange.actions.copy}
          title={messages.exchange.actions.copy}
          className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink data-popup-open:bg-hover"
        >
          <Copy aria-hidden="true" className="size-3.5" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end">
            <Menu.Popup className="w-72 rounded-lg border border-line bg-raised p-1 text-sm shadow-pop outline-none">
              {COPY_FORMS.map((form) => {
                const obstacle = copyObstacle(form, detail, target);
                return (
                  <Menu.Item
                    key={form}
                    disabled={obstacle !== null}
                    onClick={() => void copy(form)}
                    className={itemClass}
                  >
                    <span className="min-w-0 flex-1">
                      {text[form]}
                      {obstacle && (
                        <span className="block text-xs text-muted">{text.impossible[obstacle]}</span>
                      )}
                    </span>
                  </Menu.Item>
                );
              })}
              {token !== null && (
                <>
                  <Menu.Separator className="my-1 h-px bg-line" />
                  <Menu.CheckboxItem
                    checked={withToken}
                    onCheckedChange={setWithToken}
                    closeOnClick={false}
                    className={itemClass}
                  >
                    <span className="grid size-3.5 shrink-0 place-items-center rounded-[3px] border border-line-strong">
                      <Menu.CheckboxItemIndicator>
                        <Check aria-hidden="true" className="size-3" />
                      </Menu.CheckboxItemIndicator>
                    </span>
                    <span>
                      {text.includeToken}
                      <span className="block text-xs text-muted">{text.tokenHint}</span>
                    </span>
                  </Menu.CheckboxItem>
                </>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <p
        role="status"
        className="pointer-events-none absolute right-3 bottom-3 z-20 max-w-80 rounded-md border border-line bg-raised px-3 py-1.5 text-xs shadow-pop empty:hidden"
      >
        {said}
      </p>
    </>
  );
}
