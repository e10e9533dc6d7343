import { FileDown, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ALERT_TEMPLATES, type AlertRule } from '../../../../shared/model/alert.ts';
import { type Command, useCommands } from '../../../lib/commands.ts';
import { useResource } from '../../../lib/hub-context.tsx';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { ScrollingBody } from '../../../ui/screen.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { AlertTable } from './alert-table.tsx';
import { PrometheusDialog } from './prometheus-dialog.tsx';
import { draftOf, newDraft, type RuleDraft } from './rule-draft.ts';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleTable } from './rule-table.tsx';

const text = messages.alerts;

/** What holds now, what was resolved lately, and the rules. */
export function AlertsView() {
  const { data, error } = useResource('alerts');
  const [draft, setDraft] = useState<RuleDraft | null>(null);
  const [showsPrometheus, setShowsPrometheus] = useState(false);
  useCommands(
    useMemo(
      (): Command[] => [
        {
          id: 'alerts.add',
          label: messages.latency.commands.addRule,
          group: text.group,
          keys: 'n',
          run: () => setDraft(newDraft({ kind: 'p99' })),
        },
        {
          id: 'alerts.prometheus',
          label: text.prometheus.open,
          group: text.group,
          run: () => setShowsPrometheus(true),
        },
      ],
      [],
    ),
  );
  const count = (state: 'firing' | 'pending'): number =>
    data?.alerts.filter((alert) => alert.state === state).length ?? 0;

  return (
    <ScrollingBody label={text.group}>
      {error && <ErrorNotice error={error} />}
      {!data && !error && <Spinner label={messages.common.loading} />}
      {data && (
        <>
          <section aria-label={text.now} className="flex flex-col gap-2">
            <header className="flex items-baseline gap-3">
              <h2 className="text-base font-semibold">{text.now}</h2>
              <p role="status" className="text-xs text-muted">
                {text.summary(count('firing'), count('pending'))}
              </p>
            </header>
            <AlertTable alerts={data.alerts} />
          </section>
          <section aria-label={text.rules} className="flex flex-col gap-2">
            <header className="flex flex-wrap items-center gap-2">
              <h2 className="text-base font-semibold">{text.rules}</h2>
              <span className="flex-1" />
              <Button
                variant="quiet"
                icon={<FileDown aria-hidden="true" className="size-3.5" />}
                disabled={data.rules.every(({ enabled }) => !enabled)}
                onClick={() => setShowsPrometheus(true)}
              >
                {text.prometheus.open}
              </Button>
              <Button
                icon={<Plus aria-hidden="true" className="size-3.5" />}
                onClick={() => setDraft(newDraft({ kind: 'p99' }))}
              >
                {text.add}
              </Button>
            </header>
            <RuleTable rules={data.rules} onEdit={setDraft} />
            <Templates rules={data.rules} onChoose={setDraft} />
            <p className="text-xs text-muted">{text.notified}</p>
          </section>
        </>
      )}
      <RuleDialog draft={draft} onClose={() => setDraft(null)} />
      <PrometheusDialog isOpen={showsPrometheus} onClose={() => setShowsPrometheus(false)} />
    </ScrollingBody>
  );
}

interface TemplatesProps {
  rules: readonly AlertRule[];
  onChoose(draft: RuleDraft): void;
}

/** Rules for a start, each until it is taken. The form shows all of it before anything is saved. */
function Templates({ rules, onChoose }: TemplatesProps) {
  const left = ALERT_TEMPLATES.filter(({ id }) => rules.every((rule) => rule.id !== id));
  if (left.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-xs text-muted">{text.templates}</span>
      {left.map((template) => {
        const name = text.templateNames[template.id] ?? template.name;
        return (
          <Button key={template.id} onClick={() => onChoose({ ...draftOf(template), name, isNew: true })}>
            {name}
          </Button>
        );
      })}
    </div>
  );
}
