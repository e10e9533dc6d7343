import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { editFrame } from '../../electron/hub/frames/edit-frame.ts';
import { changeMembers } from '../../electron/hub/frames/edit-members.ts';
import { findMember, listElements, listMembers } from '../../electron/hub/frames/find-member.ts';
import { readEnvelope } from '../../electron/hub/frames/read-envelope.ts';
import { readCutEnvelope } from '../../electron/hub/frames/skim-envelope.ts';
import { splitBatch } from '../../electron/hub/frames/split-batch.ts';
import { splitLines } from '../../electron/hub/frames/split-lines.ts';
import { expectedEnvelope } from './expected-envelope.ts';
import { memberOf, readJson, type Node } from './json-oracle.ts';

/** Near the limit the readers count a level more or less, each from where it begins; that is what unit tests pin. */
const SAFE_DEPTH = 100;
const KEYS = ['name', 'id', 'a', '_meta', '', 'new'];

/**
 * Any bytes through everything that reads bytes, held against JSON.parse. Throws where they disagree; a crash or a
 * hang is found by who calls it. The first byte decides the chunking, the rest is what is read.
 */
export function fuzz(data: Buffer): void {
  const body = data.subarray(1);
  checkLines(body, data[0] ?? 0);
  const text = body.toString('utf8');
  const root = isUtf8(body) ? readJson(text) : null;
  checkEnvelope(body, root, text);
  checkBatch(body, root, text);
  checkMembers(body, root, text);
}

function checkLines(body: Buffer, seed: number): void {
  const maxBytes = seed % 3 === 0 ? 16 : 1_000_000;
  const split = (chunkSize: (index: number) => number): [string[], number[]] => {
    const lines: string[] = [];
    const oversized: number[] = [];
    const splitter = splitLines(
      { line: (line) => lines.push(line.toString('latin1')), oversized: (bytes) => oversized.push(bytes) },
      maxBytes,
    );
    for (let at = 0, index = 0; at < body.length; index += 1) {
      const size = chunkSize(index);
      splitter.push(body.subarray(at, at + size));
      at += size;
    }
    splitter.end();
    return [lines, oversized];
  };
  const all = body.toString('latin1').split('\n');
  const expected = [
    all
      .filter((line) => line.length <= maxBytes)
      .map((line) => line.replace(/\r$/, ''))
      .filter((line) => line !== ''),
    all.map((line) => line.length).filter((length) => length > maxBytes),
  ];
  assert.deepEqual(
    split(() => Math.max(1, body.length)),
    expected,
  );
  assert.deepEqual(
    split((index) => 1 + ((seed + index * 7) % 11)),
    expected,
  );
}

function checkEnvelope(body: Buffer, root: Node | null, text: string): void {
  const envelope = readEnvelope(body);
  const skimmed = readCutEnvelope(body);
  if (root === null || root.depth > SAFE_DEPTH) return;
  const expected = expectedEnvelope(root, text);
  if (envelope === null) {
    assert.equal(expected, null);
    return;
  }
  const { ranges, ...fields } = envelope;
  assert.deepEqual(fields, expected);
  const raw = (start: number, end: number): string => body.toString('utf8', start, end);
  const at = (node: Node | undefined): string => (node ? text.slice(node.start, node.end) : '');
  assert.equal(raw(ranges.id, ranges.idEnd), at(memberOf(root, 'id')));
  assert.equal(raw(ranges.params, ranges.paramsEnd), at(memberOf(root, 'params')));
  assert.equal(raw(ranges.result, ranges.resultEnd), at(memberOf(root, 'result')));
  assert.equal(raw(ranges.name, ranges.nameEnd), at(memberOf(memberOf(root, 'params'), 'name')));
  if (skimmed === null) return;
  assert.deepEqual(
    [skimmed.kind, skimmed.id, skimmed.method, skimmed.error],
    [envelope.kind, envelope.id, envelope.method, envelope.error],
  );
  assert.ok(skimmed.target === null || skimmed.target === envelope.target);
}

function checkBatch(body: Buffer, root: Node | null, text: string): void {
  const batch = splitBatch(body);
  if (root === null || root.depth > SAFE_DEPTH) return;
  if (root.elements === null) assert.equal(batch, 'malformed');
  else if (root.elements.length === 0) assert.equal(batch, 'empty');
  else if (typeof batch === 'string') {
    assert.ok(
      batch === 'nested' ? root.elements.some(({ elements }) => elements) : root.elements.length > 100,
    );
  } else {
    assert.deepEqual(
      batch.map(({ start, end }) => body.toString('utf8', start, end)),
      root.elements.map(({ start, end }) => text.slice(start, end)),
    );
  }
}

function checkMembers(body: Buffer, root: Node | null, text: string): void {
  const start = body.indexOf('{');
  const edits = changeMembers(body, start, { a: null, name: '"changed"', new: '[]' });
  const edited = editFrame(body, edits);
  listElements(body, body.indexOf('['));
  if (!root?.members || root.depth > SAFE_DEPTH) return;
  assert.deepEqual(
    listMembers(body, start)?.map((member) => body.toString('utf8', member.start, member.end)),
    root.members.map(({ node }) => text.slice(node.start, node.end)),
  );
  for (const key of KEYS) {
    const member = findMember(body, start, key);
    const expected = memberOf(root, key);
    assert.equal(
      member && body.toString('utf8', member.start, member.end),
      expected ? text.slice(expected.start, expected.end) : null,
    );
  }
  const after = readJson(edited.toString('utf8'));
  assert.ok(after?.members);
  const plain = (members: readonly { key: string; node: Node }[]): [string, unknown][] =>
    members.map(({ key, node }) => [key, node.value]);
  const kept = plain(root.members)
    .filter(([key]) => key !== 'a')
    .map(([key, value]): [string, unknown] => [key, changed(key, value)]);
  const has = (key: string): boolean => root.members!.some((member) => member.key === key);
  const added: [string, unknown][] = [];
  if (!has('name')) added.push(['name', 'changed']);
  if (!has('new')) added.push(['new', []]);
  assert.deepEqual(plain(after.members), [...added, ...kept]);
}

const changed = (key: string, value: unknown): unknown =>
  key === 'name' ? 'changed' : key === 'new' ? [] : value;
