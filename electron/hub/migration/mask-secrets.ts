import type { Node } from 'jsonc-parser';
import { membersOf } from '../files/json-node.ts';
import type { JsonDocument } from '../files/json-document.ts';
import { isSecret, isSecretValue, secretArguments } from './secrets.ts';
import { applySplices, type Splice } from '../files/splice.ts';

const MASK = '••••••';

/** The text with secret-looking values covered, line for line. For showing only. */
export function maskedText(document: JsonDocument): string {
  if (document.root === null) return document.text;
  const splices: Splice[] = [];
  const cover = (node: Node): void => {
    splices.push({ offset: node.offset, length: node.length, text: JSON.stringify(MASK) });
  };
  const visit = (node: Node): void => {
    if (node.type === 'array') {
      const items = node.children ?? [];
      const secret = secretArguments(items.map(({ value }) => (typeof value === 'string' ? value : '')));
      for (const [index, item] of items.entries()) {
        if (item.type === 'string' && secret[index]) cover(item);
        else visit(item);
      }
    }
    for (const { name, value } of membersOf(node)) {
      if (value.type === 'string' && isSecret(name, value.value as string)) cover(value);
      else visit(value);
    }
  };
  visit(document.root);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(applySplices(document, splices));
}

/** A command line with secret-looking arguments covered. For showing only. */
export function maskedArguments(args: readonly string[]): string[] {
  const secret = secretArguments(args);
  return args.map((arg, index) => {
    if (!secret[index]) return arg;
    return /^-{1,2}[^=\s]+=/.test(arg) ? `${arg.slice(0, arg.indexOf('=') + 1)}${MASK}` : MASK;
  });
}

/** A URL with passwords and secret-looking parameters covered. For showing only. */
export function maskedUrl(text: string): string {
  if (!URL.canParse(text)) return isSecretValue(text) ? MASK : text;
  const url = new URL(text);
  const names = [...url.searchParams].flatMap(([name, value]) => (isSecret(name, value) ? [name] : []));
  if (url.password === '' && names.length === 0) return text;
  if (url.password !== '') url.password = '***';
  for (const name of names) url.searchParams.set(name, '***');
  return url.href;
}
