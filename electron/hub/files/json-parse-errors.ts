import { printParseErrorCode, type ParseErrorCode } from 'jsonc-parser';

const SENTENCES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'A word stands here that JSON does not know.',
  InvalidNumberFormat: 'This is not a number JSON knows.',
  PropertyNameExpected: 'A key in double quotes is missing.',
  ValueExpected: 'A value is missing.',
  ColonExpected: 'A colon is missing.',
  CommaExpected: 'A comma is missing.',
  CloseBraceExpected: 'A closing } is missing.',
  CloseBracketExpected: 'A closing ] is missing.',
  EndOfFileExpected: 'More text follows after the end.',
  UnexpectedEndOfComment: 'A comment is not closed.',
  UnexpectedEndOfString: 'A string is not closed.',
  UnexpectedEndOfNumber: 'A number is cut off.',
  InvalidUnicode: 'An escape in a string is wrong.',
  InvalidEscapeCharacter: 'An escape in a string is wrong.',
  InvalidCharacter: 'A character stands here that must be escaped.',
};

/** What the parser found wrong, for a person. */
export function parseErrorText(code: ParseErrorCode): string {
  return SENTENCES[printParseErrorCode(code)] ?? 'This is not JSON.';
}
