import { ExternalLink, Play } from 'lucide-react';
import { useState } from 'react';
import { isLoopbackHost } from '../../../shared/model/login-address.ts';
import { useAction } from '../../lib/use-action.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';

const text = messages.setup.found;

/** Only an address on this machine is ever opened, whatever the answer says. */
const isLoopback = (url: string): boolean =>
  URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && isLoopbackHost(new URL(url).hostname);

/** Starts the demo in its throwaway home, then leads to it. */
export function DemoButton() {
  const action = useAction();
  const [url, setUrl] = useState<string | null>(null);
  if (url !== null) {
    return (
      <div className="flex flex-col items-center gap-2">
        <p role="status" className="text-muted">
          {text.demoReady}
        </p>
        <a
          href={url}
          target="_blank"
          rel="noreferrer"
          className="inline-flex h-7 items-center gap-1.5 rounded-md bg-accent px-2.5 font-medium text-accent-ink hover:bg-accent-strong"
        >
          <ExternalLink aria-hidden="true" className="size-3.5" />
          {text.demoOpen}
        </a>
      </div>
    );
  }
  const start = (): void =>
    void action.run(async (client) => {
      const answer = await client.demo.start();
      if (!isLoopback(answer.url)) throw new Error(text.demoElsewhere(answer.url));
      setUrl(answer.url);
    });
  return (
    <div className="flex flex-col items-center gap-2">
      {action.isBusy ? (
        <Spinner label={text.demoStarting} />
      ) : (
        <Button icon={<Play aria-hidden="true" className="size-3.5" />} onClick={start}>
          {text.demo}
        </Button>
      )}
      {action.error && <ErrorNotice error={action.error} />}
    </div>
  );
}
