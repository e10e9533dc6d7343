import type { SecretOffer } from '../../../shared/model/migration.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Checkbox } from '../../ui/field.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.setup.choose;

interface SecretChoicesProps {
  offers: readonly SecretOffer[];
  /** Names in the store. */
  chosen: readonly string[];
  onChange(names: string[]): void;
}

/** The secrets in clear of what would be routed: each may go to the secret store, none does by itself. */
export function SecretChoices({ offers, chosen, onChange }: SecretChoicesProps) {
  if (offers.length === 0) return null;
  const movable = [...new Set(offers.filter((offer) => offer.movable).map(({ secret }) => secret))];
  const isAll = movable.length > 0 && movable.every((name) => chosen.includes(name));
  const toggle = (name: string): void =>
    onChange(chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name]);
  return (
    <section aria-label={text.secrets} className="rounded-lg border border-line bg-surface px-3.5 py-3">
      <h3 className="font-semibold">{text.secrets}</h3>
      <p className="mb-2 text-xs text-muted">{text.secretsHint}</p>
      <ul className="flex flex-col gap-1">
        {movable.length > 1 && (
          <li>
            <Checkbox checked={isAll} onChange={() => onChange(isAll ? [] : movable)}>
              {text.allSecrets}
            </Checkbox>
          </li>
        )}
        {offers.map((offer, index) => (
          <li key={index}>
            <Checkbox
              checked={offer.movable && chosen.includes(offer.secret)}
              disabled={!offer.movable}
              onChange={() => toggle(offer.secret)}
            >
              <span className="text-hostile">
                <SafeText text={text.secretOf(oneLine(offer.entry, 60), offer.field)} />{' '}
                <span className="text-xs text-muted">
                  {offer.movable ? <SafeText text={text.secretAs(offer.secret)} /> : text.secretStays}
                </span>
              </span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </section>
  );
}
