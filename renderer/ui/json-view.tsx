import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { JsonNode } from '../lib/json-tree.ts';
import { plural } from '../lib/format.ts';
import { messages } from '../messages/messages.ts';
import { LongText } from './long-text.tsx';
import { SafeText } from './safe-text.tsx';

/** Children shown at a time; more come on request, so that an array of a million items does not freeze the page. */
const PAGE = 100;
const OPEN_DEPTH = 4;
const OPEN_CHILDREN = 40;

/** A JSON value as a tree of foldable lines. Everything in it is text. */
export function JsonView({ node }: { node: JsonNode }) {
  return (
    <div className="font-mono text-xs leading-5 text-hostile">
      <Line node={node} label={null} depth={0} />
    </div>
  );
}

interface LineProps {
  node: JsonNode;
  label: ReactNode;
  depth: number;
}

function Line({ node, label, depth }: LineProps) {
  if (node.kind === 'object' || node.kind === 'array')
    return <Branch node={node} label={label} depth={depth} />;
  return (
    <div className="pl-4">
      {label}
      {node.kind === 'literal' ? (
        <span className="text-syntax-number">{node.text}</span>
      ) : (
        <StringValue value={node.value} isCut={node.isCut} />
      )}
    </div>
  );
}

function StringValue({ value, isCut }: { value: string; isCut: boolean }) {
  const hasLines = value.includes('\n');
  const text = <LongText text={value} />;
  return (
    <span className="text-syntax-string">
      {hasLines ? (
        <span className="my-0.5 block border-l-2 border-line pl-2 whitespace-pre-wrap">{text}</span>
      ) : (
        <span className="whitespace-pre-wrap">"{text}"</span>
      )}
      {isCut && <CutMark />}
    </span>
  );
}

const CutMark = () => <span className="ml-1 text-warn">{messages.json.cut}</span>;

function Branch({ node, label, depth }: LineProps & { node: JsonNode & { kind: 'object' | 'array' } }) {
  const count = node.kind === 'object' ? node.entries.length : node.items.length;
  const [isOpen, setOpen] = useState(depth === 0 || (depth < OPEN_DEPTH && count <= OPEN_CHILDREN));
  const [shown, setShown] = useState(PAGE);
  const [open, close] = node.kind === 'object' ? ['{', '}'] : ['[', ']'];
  if (count === 0) {
    return (
      <div className="pl-4">
        {label}
        <span className="text-muted">{`${open}${close}`}</span>
        {node.isCut && <CutMark />}
      </div>
    );
  }
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-start rounded-sm text-left hover:bg-hover"
      >
        <Icon aria-hidden="true" className="mt-1 size-3 shrink-0 text-faint" />
        <span className="min-w-0 pl-1">
          {label}
          <span className="text-muted">
            {isOpen ? open : `${open} ${plural(count, messages.json[node.kind])} ${close}`}
          </span>
        </span>
      </button>
      {isOpen && (
        <div className="ml-[5px] border-l border-line pl-1.5">
          {node.kind === 'object'
            ? node.entries
                .slice(0, shown)
                .map(({ key, value }, index) => (
                  <Line key={index} node={value} label={<KeyLabel name={key} />} depth={depth + 1} />
                ))
            : node.items
                .slice(0, shown)
                .map((item, index) => <Line key={index} node={item} label={null} depth={depth + 1} />)}
          {count > shown && (
            <button
              type="button"
              className="ml-4 text-accent underline-offset-2 hover:underline"
              onClick={() => setShown(shown + PAGE * 5)}
            >
              {messages.json.showMore(count - shown)}
            </button>
          )}
          {node.isCut && (
            <div className="pl-3">
              <CutMark />
            </div>
          )}
        </div>
      )}
    </div>
  );
}

function KeyLabel({ name }: { name: string }) {
  return (
    <>
      <span className="text-syntax-key">
        <SafeText text={name.length > 200 ? `${name.slice(0, 200)}…` : name} />
      </span>
      <span className="text-muted">: </span>
    </>
  );
}
