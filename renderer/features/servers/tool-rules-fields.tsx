import { Notice } from '../../ui/notice.tsx';
import { messages } from '../../messages/messages.ts';
import { Checkbox, Field, inputClass } from '../../ui/field.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { TableFrame } from '../../ui/table-frame.tsx';
import type { ToolRules } from '../../../shared/model/server.ts';
import { visibleText } from '../../lib/visible-text.ts';
import { judgeTools, ownNames, withHidden } from './seen-tools.ts';
import { readTools, type ServerDraft } from './server-change-draft.ts';
import { useSeenTools } from './use-seen-tools.ts';

const text = messages.serverSettings;

interface ToolRulesFieldsProps {
  server: string;
  /** As they stand in the catalog file. */
  saved: ToolRules;
  draft: ServerDraft;
  hasDoubleName: boolean;
  onChange(next: Partial<ServerDraft>): void;
}

/** Which tools clients see and what they are called: by patterns, and by the tools that were seen. */
export function ToolRulesFields({ server, saved, draft, hasDoubleName, onChange }: ToolRulesFieldsProps) {
  const { tools, error } = useSeenTools(server);
  const rules = readTools(draft, saved);
  // What was recorded carries the names of the rules in force, not of those being typed.
  const names = ownNames(tools?.names ?? [], saved);
  const seen = judgeTools(names, rules);
  const isRenaming = Object.keys(rules.rename ?? {}).length > 0;
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3">
        {(['allow', 'deny'] as const).map((field) => (
          <Field key={field} label={text[field]} hint={text[`${field}Hint`]}>
            {(ids) => (
              <textarea
                {...ids}
                rows={3}
                value={draft[field]}
                onChange={(event) => onChange({ [field]: event.target.value })}
                spellCheck={false}
                className={`${inputClass} h-auto resize-y py-1.5 font-mono text-xs`}
              />
            )}
          </Field>
        ))}
      </div>
      {!tools && !error && <Spinner label={messages.common.loading} />}
      {(tools || error) && seen.length === 0 && <p className="text-xs text-muted">{text.noneSeen}</p>}
      {seen.length > 0 && (
        <div>
          <TableFrame label={text.seen}>
            <thead>
              <tr>
                <th scope="col">{text.seenColumns.shown}</th>
                <th scope="col">{text.seenColumns.tool}</th>
                <th scope="col">{text.seenColumns.rename}</th>
              </tr>
            </thead>
            <tbody>
              {seen.map(({ name, isShown, isOwnRule }) => (
                <tr key={name}>
                  <td className="whitespace-nowrap">
                    <Checkbox
                      checked={isShown}
                      disabled={!isOwnRule}
                      onChange={({ target }) =>
                        onChange({ deny: withHidden(draft.deny, name, !target.checked) })
                      }
                    >
                      <span className="sr-only">{text.showTool(visibleText(name))}</span>
                      {!isOwnRule && <span className="text-2xs text-muted">{text.byPattern}</span>}
                    </Checkbox>
                  </td>
                  <td className="font-mono text-hostile">
                    <SafeText text={name} />
                  </td>
                  <td>
                    <input
                      aria-label={text.renameTool(visibleText(name))}
                      value={draft.rename[name] ?? ''}
                      placeholder={visibleText(name)}
                      disabled={!isShown}
                      onChange={(event) =>
                        onChange({ rename: { ...draft.rename, [name]: event.target.value } })
                      }
                      autoComplete="off"
                      spellCheck={false}
                      className={`${inputClass} max-w-64 min-w-32 font-mono text-xs`}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </TableFrame>
          {tools && <p className="mt-1 text-xs text-muted">{text.seenFrom[tools.from]}</p>}
        </div>
      )}
      {hasDoubleName && <p className="text-xs text-danger">{text.problems.rename}</p>}
      {isRenaming && <Notice tone="info">{text.permissions}</Notice>}
    </div>
  );
}
