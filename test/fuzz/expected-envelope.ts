import type { Envelope } from '../../shared/json-rpc/envelope.ts';
import { memberOf, type Node } from './json-oracle.ts';

/** What readEnvelope must say of a valid JSON text, ranges aside. */
export function expectedEnvelope(root: Node, text: string): Omit<Envelope, 'ranges'> | null {
  if (root.members === null || isAmbiguous(root)) return null;
  const at = (...path: string[]): Node | undefined =>
    path.reduce<Node | undefined>((node, key) => memberOf(node, key), root);
  const raw = (node: Node | undefined): string => (node ? text.slice(node.start, node.end) : '');
  const id = (node: Node | undefined): string | null =>
    /^(?:-?\d+|".*")$/s.test(raw(node)) && Buffer.byteLength(raw(node)) <= 1_024 ? raw(node) : null;
  const string = (node: Node | undefined): string | null =>
    typeof node?.value === 'string' ? node.value : null;

  if (at('jsonrpc')?.value !== '2.0') return null;
  const base = {
    id: id(at('id')),
    method: string(at('method')),
    target: null,
    progressToken: null,
    cancelsId: null,
    protocolVersion: null,
    error: null,
    isToolError: false,
    resultType: null,
  };
  const error = at('error');
  const hasError = error !== undefined && error.value !== null;
  const hasResult = at('result') !== undefined && !(hasError && at('result')?.value === null);
  if (at('method')) {
    const isNotification = at('id') === undefined;
    if (hasError || hasResult || base.method === null || (base.id === null && !isNotification)) return null;
    return {
      ...base,
      kind: isNotification ? 'notification' : 'request',
      target: string(at('params', 'name')) ?? string(at('params', 'uri')),
      progressToken: id(
        isNotification ? at('params', 'progressToken') : at('params', '_meta', 'progressToken'),
      ),
      cancelsId: isNotification ? id(at('params', 'requestId')) : null,
      protocolVersion: string(at('params', '_meta', 'io.modelcontextprotocol/protocolVersion')),
    };
  }
  if (hasError === hasResult) return null;
  if (base.id === null && (hasResult || (at('id') !== undefined && at('id')?.value !== null))) return null;
  const code = at('error', 'code');
  return {
    ...base,
    kind: 'response',
    error: hasError
      ? {
          code: typeof code?.value === 'number' && Number.isFinite(code.value) ? code.value : null,
          message: string(at('error', 'message')) ?? '',
        }
      : null,
    isToolError: at('result', 'isError')?.value === true,
    resultType: string(at('result', 'resultType')),
  };
}

const MESSAGE = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'];
const PARAMS = ['name', 'uri', '_meta', 'progressToken', 'requestId'];
const META = ['progressToken', 'io.modelcontextprotocol/protocolVersion'];

/** A member we go by stands twice, or beside one that some parsers take for it (C14). */
function isAmbiguous(root: Node): boolean {
  const fold = (key: string): string => key.toUpperCase().toLowerCase();
  const twice = (node: Node | undefined, keys: readonly string[]): boolean =>
    keys.some((key) => (node?.members?.filter((member) => member.key === key).length ?? 0) > 1);
  const variants = (node: Node | undefined, keys: readonly string[]): string[] =>
    keys.filter((key) =>
      node?.members?.some((member) => member.key !== key && fold(member.key) === key.toLowerCase()),
    );
  const params = memberOf(root, 'params');
  return (
    twice(root, MESSAGE) ||
    variants(root, MESSAGE).length > 0 ||
    twice(params, PARAMS) ||
    variants(params, PARAMS).some((key) => memberOf(params, key)) ||
    twice(memberOf(params, '_meta'), META) ||
    twice(memberOf(root, 'result'), ['isError', 'resultType']) ||
    twice(memberOf(root, 'error'), ['code', 'message'])
  );
}
