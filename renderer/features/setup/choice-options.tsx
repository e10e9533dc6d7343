import type { ReactNode } from 'react';
import type { SecretOffer } from '../../../shared/model/migration.ts';
import type { SetupChoices } from '../../lib/setup-choices.ts';
import { messages } from '../../messages/messages.ts';
import { Checkbox } from '../../ui/field.tsx';

const text = messages.setup.choose;

/** What else could be routed or rewritten, in numbers of these configs. */
export interface Offers {
  projects: number;
  remotes: number;
  /** Rules and the like that a merged entry would break. */
  rules: number;
  secrets: readonly SecretOffer[];
}

interface ChoiceOptionsProps {
  choices: SetupChoices;
  offers: Offers;
  onChange(changed: Partial<SetupChoices>): void;
}

/** The options beside the way: only those that these configs give something to decide about. */
export function ChoiceOptions({ choices, offers, onChange }: ChoiceOptionsProps) {
  const hasRules = choices.mode === 'merged' && offers.rules > 0;
  const hasProjects = choices.mode === 'per-server' && (offers.projects > 0 || choices.projects);
  const hasRemotes = offers.remotes > 0 || choices.remotes;
  return (
    <section aria-label={text.also} className="rounded-lg border border-line bg-surface px-3.5 py-3">
      <h3 className="mb-2 font-semibold">{text.also}</h3>
      {!hasProjects && !hasRemotes && !hasRules && <p className="text-muted">{text.nothingElse}</p>}
      <div className="flex flex-col gap-2.5">
        {hasProjects && (
          <Option
            isOn={choices.projects}
            onChange={(projects) => onChange({ projects })}
            hint={text.projectsHint}
          >
            {text.projects(offers.projects)}
          </Option>
        )}
        {hasRemotes && (
          <Option
            isOn={choices.remotes}
            onChange={(remotes) => onChange({ remotes })}
            hint={text.remotesHint}
          >
            {text.remotes(offers.remotes)}
          </Option>
        )}
        {hasRules && (
          <Option
            isOn={choices.rewriteRules}
            onChange={(rewriteRules) => onChange({ rewriteRules })}
            hint={text.rulesHint}
          >
            {text.rules}
          </Option>
        )}
      </div>
    </section>
  );
}

interface OptionProps {
  isOn: boolean;
  onChange(isOn: boolean): void;
  hint: string;
  children: ReactNode;
}

function Option({ isOn, onChange, hint, children }: OptionProps) {
  return (
    <div>
      <Checkbox checked={isOn} onChange={(event) => onChange(event.target.checked)}>
        {children}
      </Checkbox>
      <p className="pl-5.5 text-xs text-muted">{hint}</p>
    </div>
  );
}
