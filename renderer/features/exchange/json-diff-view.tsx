import { formatCount } from '../../lib/format.ts';
import type { DiffRow, JsonDiff, JsonPlace } from '../../lib/json/json-diff.ts';
import { copiedValue } from '../../lib/json/json-path.ts';
import { textChange } from '../../lib/json/text-change.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { LongText } from '../../ui/long-text.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.exchange.compare;
const MAX_INDENT = 12;

/** What differs between two JSON values, in their own order. */
export function JsonDiffView({ diff }: { diff: JsonDiff }) {
  return (
    <ol className="font-mono text-xs leading-5">
      {diff.rows.map((row, at) => (
        <li
          key={at}
          className={classNames(
            'pr-3',
            row.kind === 'removed' && 'bg-danger-soft',
            row.kind === 'added' && 'bg-good-soft',
          )}
          style={{ paddingLeft: `${0.75 + Math.min(row.depth, MAX_INDENT) * 0.9}rem` }}
        >
          <Row row={row} />
        </li>
      ))}
      {diff.isLimited && <li className="px-3 py-1 font-sans text-warn">{text.limited}</li>}
    </ol>
  );
}

function Row({ row }: { row: DiffRow }) {
  switch (row.kind) {
    case 'same':
      return <span className="font-sans text-2xs text-faint">{text.unchanged(row.count)}</span>;
    case 'open':
      return (
        <>
          <Label label={row.label} />
          <span className="text-muted">{row.shape === 'object' ? '{ }' : '[ ]'}</span>
        </>
      );
    case 'removed':
    case 'added':
      return (
        <>
          <Sign sign={row.kind === 'removed' ? '−' : '+'} meaning={text[row.kind]} />
          <Label label={row.label} />
          <PlaceText place={row.at} />
        </>
      );
    case 'changed':
      return <Changed row={row} />;
  }
}

const Sign = ({ sign, meaning }: { sign: string; meaning: string }) => (
  <span className="text-muted select-none">
    <span aria-hidden="true">{sign} </span>
    <span className="sr-only">{meaning} </span>
  </span>
);

const Label = ({ label }: { label: string }) =>
  label === '' ? null : (
    <>
      <span className="text-syntax-key">
        <SafeText text={label.length > 200 ? `${label.slice(0, 200)}…` : label} />
      </span>
      <span className="text-muted">: </span>
    </>
  );

const PlaceText = ({ place }: { place: JsonPlace }) => (
  <span className="whitespace-pre-wrap text-hostile">
    <LongText text={place.index.raw(place.node)} />
  </span>
);

function Changed({ row }: { row: DiffRow & { kind: 'changed' } }) {
  const { a, b } = row;
  const areStrings = a.index.kind(a.node) === 'string' && b.index.kind(b.node) === 'string';
  if (areStrings) {
    const pieces = textChange(copiedValue(a.index, a.node), copiedValue(b.index, b.node));
    const hasLines = pieces.some((piece) => piece.kind !== 'skipped' && piece.text.includes('\n'));
    return (
      <>
        <Sign sign="~" meaning={text.changed} />
        <Label label={row.label} />
        <span
          className={classNames(
            'whitespace-pre-wrap text-hostile',
            hasLines && 'ml-1.5 block border-l-2 border-line pl-2',
          )}
        >
          {pieces.map((piece, at) =>
            piece.kind === 'skipped' ? (
              <span key={at} className="mx-1 rounded-sm bg-sunken px-1 font-sans text-2xs text-muted">
                {text.characters(piece.characters)}
              </span>
            ) : piece.kind === 'same' ? (
              <SafeText key={at} text={piece.text} />
            ) : (
              <Piece key={at} kind={piece.kind} value={piece.text} />
            ),
          )}
        </span>
      </>
    );
  }
  return (
    <>
      <Sign sign="~" meaning={text.changed} />
      <Label label={row.label} />
      <span className="whitespace-pre-wrap text-hostile">
        <Piece kind="removed" value={a.index.raw(a.node)} />
        <span aria-hidden="true" className="text-muted">
          {' → '}
        </span>
        <Piece kind="added" value={b.index.raw(b.node)} />
      </span>
    </>
  );
}

function Piece({ kind, value }: { kind: 'removed' | 'added'; value: string }) {
  const Tag = kind === 'removed' ? 'del' : 'ins';
  return (
    <Tag
      className={classNames(
        'rounded-xs no-underline',
        kind === 'removed' ? 'bg-danger-mark' : 'bg-good-mark',
      )}
      aria-label={`${text[kind]}, ${formatCount(value.length)}`}
    >
      <LongText text={value} />
    </Tag>
  );
}
