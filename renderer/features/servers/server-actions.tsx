import { Power, PowerOff, RotateCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ServerView } from '../../../shared/model/server.ts';
import type { HubClient } from '../../lib/hub-link.ts';
import { useHub } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import { useAction } from '../../lib/use-action.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

const text = messages.servers;
type Question = 'restart' | 'disable' | 'remove';

/** Restart, enable, disable and remove; asks first whenever a live session would notice. */
export function ServerActions({ server }: { server: ServerView }) {
  const { data } = useHub();
  const { name, enabled } = server;
  const sessions = server.instances.length;
  const [question, setQuestion] = useState<Question | null>(null);
  const action = useAction();

  const perform = async (run: (client: HubClient) => Promise<unknown>): Promise<void> => {
    if (await action.run(run)) data.refresh('servers');
  };
  const effects: Record<Question, () => Promise<void>> = {
    restart: () => perform((client) => client.servers.restart({ name })),
    disable: () => perform((client) => client.servers.setEnabled({ name, enabled: false })),
    remove: async () => {
      await perform((client) => client.servers.remove({ name }));
      navigate({ screen: 'servers', server: null });
    },
  };
  const ask = (next: Question): void => {
    if (sessions > 0 || next === 'remove') setQuestion(next);
    else void effects[next]();
  };
  const questions = {
    restart: { title: text.restartTitle(name), body: text.restartBody(sessions), confirm: text.restart },
    disable: { title: text.disableTitle(name), body: text.disableBody(sessions), confirm: text.disable },
    remove: { title: text.removeTitle(name), body: text.removeBody, confirm: text.remove },
  };

  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <Button
        icon={<RotateCw aria-hidden="true" className="size-3.5" />}
        disabled={action.isBusy || !enabled}
        onClick={() => ask('restart')}
      >
        {text.restart}
      </Button>
      {enabled ? (
        <Button
          icon={<PowerOff aria-hidden="true" className="size-3.5" />}
          disabled={action.isBusy}
          onClick={() => ask('disable')}
        >
          {text.disable}
        </Button>
      ) : (
        <Button
          icon={<Power aria-hidden="true" className="size-3.5" />}
          disabled={action.isBusy}
          onClick={() => void perform((client) => client.servers.setEnabled({ name, enabled: true }))}
        >
          {text.enable}
        </Button>
      )}
      <IconButton
        label={text.remove}
        icon={<Trash2 className="size-3.5" />}
        disabled={action.isBusy}
        onClick={() => ask('remove')}
      />
      {action.error && <ErrorNotice error={action.error} className="basis-full" />}
      <ConfirmDialog
        target={question}
        question={(asked) => questions[asked]}
        onClose={() => setQuestion(null)}
        onConfirm={(asked) => void effects[asked]()}
      />
    </div>
  );
}
