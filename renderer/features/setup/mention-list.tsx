import type { Mention } from '../../../shared/model/migration.ts';
import { messages } from '../../messages/messages.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.setup.review;

type Fate = keyof typeof text.mentionFate;
const TONES: Record<Fate, Tone> = { keeps: 'good', rewrites: 'info', breaks: 'warn' };
const fateOf = ({ keeps, rewrites }: Mention): Fate => (keeps ? 'keeps' : rewrites ? 'rewrites' : 'breaks');

/** Rules, hooks, sub-agents and approvals that name the servers of a file, the broken ones first and in view. */
export function MentionList({ mentions }: { mentions: readonly Mention[] }) {
  if (mentions.length === 0) return null;
  const order: Fate[] = ['breaks', 'rewrites', 'keeps'];
  const sorted = mentions.toSorted((a, b) => order.indexOf(fateOf(a)) - order.indexOf(fateOf(b)));
  const broken = mentions.filter((mention) => fateOf(mention) === 'breaks').length;
  return (
    <details open={broken > 0} className="text-xs">
      <summary className="w-fit rounded-sm">
        {text.mentions(mentions.length)}.{' '}
        <span className={broken > 0 ? 'font-medium text-warn' : 'text-muted'}>
          {broken > 0 ? text.mentionsBroken(broken) : text.mentionsAllKept}
        </span>
      </summary>
      <ul className="mt-1.5 flex flex-col gap-1">
        {sorted.map((mention, index) => (
          <MentionLine key={index} mention={mention} />
        ))}
      </ul>
    </details>
  );
}

function MentionLine({ mention }: { mention: Mention }) {
  const fate = fateOf(mention);
  return (
    <li className="flex items-baseline gap-2">
      <span className="w-24 shrink-0">
        <Badge tone={TONES[fate]}>{text.mentionFate[fate]}</Badge>
      </span>
      <span className="min-w-0 text-hostile">
        <code className="font-mono text-2xs">
          <SafeText text={mention.rule} />
        </code>
        <span className="text-muted">
          {` ${text.mentionKind[mention.kind]}, `}
          <SafeText text={`${mention.path} · ${mention.where}`} />
        </span>
        {fate !== 'keeps' && (
          <span className="block">
            <SafeText text={adviceFor(mention)} />
          </span>
        )}
      </span>
    </li>
  );
}

function adviceFor({ rewrites, rewritten }: Mention): string {
  if (rewritten === undefined) return text.mentionNoWay;
  return rewrites ? text.mentionInto(rewritten) : text.mentionByHand(rewritten);
}
