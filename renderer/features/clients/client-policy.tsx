import type { PolicyView } from '../../../shared/model/client.ts';
import { messages } from '../../messages/messages.ts';
import { Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.clients;

/** Whether a policy says more than that there is none. */
export const saysAnything = ({ exclusive, rules, managedAllowListOnly, unreadable }: PolicyView): boolean =>
  exclusive !== null || rules.length > 0 || managedAllowListOnly || unreadable.length > 0;

/** What decides over a client's entries beside the entries themselves. */
export function ClientPolicy({ policy }: { policy: PolicyView }) {
  return (
    <ul className="flex flex-col gap-0.5 text-hostile">
      {policy.exclusive !== null && (
        <li>
          <SafeText text={text.policyExclusive(policy.exclusive)} />
        </li>
      )}
      {policy.managedAllowListOnly && <li>{text.policyManaged}</li>}
      {policy.rules.map((rule, index) => (
        <li key={index}>
          <span className="font-mono text-2xs text-muted">
            <SafeText text={rule.path} />
          </span>
          {` ${text.policyRule[rule.effect]} ${text.policyBy[rule.by]} `}
          <code className="font-mono text-2xs">
            <SafeText text={rule.text} />
          </code>
        </li>
      ))}
      {policy.unreadable.map(({ path, error }) => (
        <li key={path}>
          <Notice tone="warn">
            <SafeText text={`${path}: ${error}`} />
          </Notice>
        </li>
      ))}
    </ul>
  );
}
