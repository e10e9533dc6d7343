import { Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ExchangeDetail } from '../../../shared/model/exchange.ts';
import { copyText } from '../../lib/clipboard.ts';
import { useResource } from '../../lib/hub-context.tsx';
import { rememberedToken } from '../../lib/token.ts';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { Menu, MenuCheck, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { copyAs, copyObstacle, COPY_FORMS, type CopyForm, type CopyTarget } from './copy-as.ts';

const text = messages.exchange.copyAs;
const SHOWN_MS = 5_000;
/** The hub's own server is in no catalog. */
const BUILT_IN = 'patchbay';

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
      <Menu
        trigger={<IconButton label={messages.exchange.actions.copy} icon={<Copy className="size-3.5" />} />}
        onOpenChange={(isOpen) => isOpen && setWithToken(false)}
      >
        {COPY_FORMS.map((form) => {
          const obstacle = copyObstacle(form, detail, target);
          return (
            <MenuItem
              key={form}
              isDisabled={obstacle !== null}
              hint={obstacle && text.impossible[obstacle]}
              onSelect={() => void copy(form)}
            >
              {text[form]}
            </MenuItem>
          );
        })}
        {token !== null && (
          <>
            <MenuSeparator />
            <MenuCheck isChecked={withToken} hint={text.tokenHint} onToggle={() => setWithToken(!withToken)}>
              {text.includeToken}
            </MenuCheck>
          </>
        )}
      </Menu>
      <p
        role="status"
        className="pointer-events-none absolute right-3 bottom-3 z-20 max-w-80 rounded-md border border-line bg-raised px-3 py-1.5 text-xs shadow-pop empty:hidden"
      >
        {said}
      </p>
    </>
  );
}
