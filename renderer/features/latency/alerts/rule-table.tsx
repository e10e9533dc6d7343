import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { AlertRule } from '../../../../shared/model/alert.ts';
import { useHub } from '../../../lib/hub-context.tsx';
import type { HubClient } from '../../../lib/hub-link.ts';
import { useAction } from '../../../lib/use-action.ts';
import { oneLine, visibleText } from '../../../lib/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import { IconButton } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Checkbox } from '../../../ui/field.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { SafeText } from '../../../ui/safe-text.tsx';
import { TableFrame } from '../../../ui/table-frame.tsx';
import { draftOf, type RuleDraft } from './rule-draft.ts';

const text = messages.alerts;

/** A rule as a sentence. */
export function conditionOf({ kind, server, tool, threshold, forMinutes }: AlertRule): string {
  const place = server === undefined ? text.eachServer : oneLine(server);
  return text.conditions[kind](
    tool === undefined ? place : text.toolOn(oneLine(tool), place),
    threshold,
    forMinutes,
  );
}

interface RuleTableProps {
  rules: readonly AlertRule[];
  onEdit(draft: RuleDraft): void;
}

/** The rules: what each watches, whether it does, and how to change it. */
export function RuleTable({ rules, onEdit }: RuleTableProps) {
  const { data } = useHub();
  const action = useAction();
  const [leaving, setLeaving] = useState<AlertRule | null>(null);
  const perform = async (run: (client: HubClient) => Promise<unknown>): Promise<void> => {
    if (await action.run(run)) data.refresh('alerts');
  };
  if (rules.length === 0) return <p className="text-muted">{text.noRules}</p>;
  return (
    <>
      {action.error && <ErrorNotice error={action.error} />}
      <TableFrame label={text.rules}>
        <thead>
          <tr>
            <th scope="col">{text.columns.enabled}</th>
            <th scope="col">{text.columns.rule}</th>
            <th scope="col">{text.columns.condition}</th>
            <th scope="col">
              <span className="sr-only">{text.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => {
            const name = visibleText(oneLine(rule.name));
            return (
              <tr key={rule.id}>
                <td className="[&>label]:align-middle">
                  <Checkbox
                    checked={rule.enabled}
                    disabled={action.isBusy}
                    onChange={({ target }) =>
                      void perform((client) => client.alerts.save({ ...rule, enabled: target.checked }))
                    }
                  >
                    <span className="sr-only">{text.enable(name)}</span>
                  </Checkbox>
                </td>
                <td className="min-w-36 font-medium text-hostile">
                  <SafeText text={oneLine(rule.name)} />
                </td>
                <td className="w-full text-hostile text-muted">
                  <SafeText text={conditionOf(rule)} />
                  {rule.kind !== 'server-down' && rule.minCalls > 1 && ` (${text.atLeast(rule.minCalls)})`}
                </td>
                <td className="whitespace-nowrap">
                  <IconButton
                    label={text.edit(name)}
                    icon={<Pencil className="size-3.5" />}
                    onClick={() => onEdit(draftOf(rule))}
                  />
                  <IconButton
                    label={text.remove(name)}
                    icon={<Trash2 className="size-3.5" />}
                    disabled={action.isBusy}
                    onClick={() => setLeaving(rule)}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </TableFrame>
      <ConfirmDialog
        target={leaving}
        question={({ name }) => ({
          title: text.removeTitle(visibleText(oneLine(name))),
          body: text.removeBody,
          confirm: text.confirmRemove,
        })}
        onClose={() => setLeaving(null)}
        onConfirm={({ id }) => void perform((client) => client.alerts.remove({ id }))}
      />
    </>
  );
}
