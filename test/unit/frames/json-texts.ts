import fc from 'fast-check';

/**
 * JSON texts as people write them and JSON.stringify does not: odd white space, numbers no double can hold, escapes
 * where none are needed, keys that stand twice.
 */
const space = fc.stringMatching(/^[ \t\r\n]{0,2}$/);

const number = fc.oneof(
  fc.constantFrom('0', '-0', '1e400', '12345678901234567890', '0.1000', '-1E-7'),
  fc.integer().map(String),
);

export const stringText = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.constantFrom(String.raw`"\u0061\/b"`, String.raw`"\\"`, String.raw`"\""`, '"}{]["', '"日本 😀"'),
);

const keyText = fc.oneof(
  fc.constantFrom('"a"', '"b"', '"name"', '"_meta"', String.raw`"n\u0061me"`, '"__proto__"', '""', '"é"'),
  stringText,
);

const { value } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom('null', 'true', 'false'),
    number,
    stringText,
    tie('object'),
    tie('array'),
  ),
  object: containerOf('{', fc.tuple(space, keyText, space, space, tie('value'), space), '}'),
  array: containerOf('[', fc.tuple(space, tie('value'), space), ']'),
}));

function containerOf(
  open: string,
  item: fc.Arbitrary<readonly string[]>,
  close: string,
): fc.Arbitrary<string> {
  const text = item.map((parts) =>
    parts.length === 6
      ? `${parts[0]}${parts[1]}${parts[2]}:${parts[3]}${parts[4]}${parts[5]}`
      : parts.join(''),
  );
  return fc
    .tuple(fc.array(text, { maxLength: 4 }), space)
    .map(([items, blank]) => open + (items.length === 0 ? blank : items.join(',')) + close);
}

/** Any JSON value. */
export const jsonText = value;

/** Any object, with the parts it was made of. */
export const objectText = fc
  .array(fc.record({ key: keyText, value, before: space, after: space }), { maxLength: 6 })
  .map((members) => ({
    members: members.map((member) => ({ key: member.key, value: member.value })),
    text: `{${members.map(({ key, value, before, after }) => `${before}${key}${after}:${before}${value}${after}`).join(',')}}`,
  }));

/** Any array, with its elements. */
export const arrayText = fc
  .array(fc.record({ value, before: space, after: space }), { maxLength: 6 })
  .map((elements) => ({
    elements: elements.map((element) => element.value),
    text: `[${elements.map(({ value, before, after }) => before + value + after).join(',')}]`,
  }));
