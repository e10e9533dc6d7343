import { expect, it } from 'vitest';
import {
  draftOf,
  newDraft,
  readDraft,
  withKind,
} from '../../../../renderer/features/latency/alerts/rule-draft.ts';
import { ALERT_TEMPLATES, type AlertRule } from '../../../../shared/model/alert.ts';

const newId = () => 'new-id';
const rules: AlertRule[] = [
  {
    id: 'slow',
    name: 'Slow',
    kind: 'p99',
    server: 'github',
    tool: 'create_issue',
    threshold: 2_500,
    forMinutes: 5,
    minCalls: 20,
    enabled: true,
  },
  { id: 'bad', name: 'Bad', kind: 'error-rate', threshold: 2.5, forMinutes: 1, minCalls: 1, enabled: false },
  { id: 'down', name: 'Down', kind: 'server-down', threshold: 0, forMinutes: 2, minCalls: 1, enabled: true },
];

it.each([...rules, ...ALERT_TEMPLATES])('reads back the draft of $name', (rule) => {
  expect(readDraft(draftOf(rule), newId).rule).toEqual(rule);
});

it('gives a new rule an id of its own', () => {
  const { rule } = readDraft(newDraft({ kind: 'p99', name: 'Slow' }), newId);
  expect(rule).toMatchObject({ id: 'new-id', threshold: 2_000 });
  expect(rule).not.toHaveProperty('server');
});

it('names each field that is wrong', () => {
  const draft = newDraft({ kind: 'p99', threshold: '0', forMinutes: '1.5', minCalls: '' });
  expect([...readDraft(draft, newId).problems!].toSorted()).toEqual([
    'forMinutes',
    'minCalls',
    'name',
    'threshold',
  ]);
});

it.each(['100', '101', '-1', 'x', '', '5%'])('refuses %j as percent', (threshold) => {
  const draft = newDraft({ kind: 'error-rate', name: 'x', threshold });
  expect(readDraft(draft, newId).problems).toEqual(new Set(['threshold']));
});

it('forgets unit and tool when the kind changes', () => {
  const draft = withKind(newDraft({ kind: 'p99', name: 'x', server: 's', tool: 't' }), 'server-down');
  expect(readDraft({ ...draft, minCalls: 'nonsense' }, newId).rule).toEqual({
    id: 'new-id',
    name: 'x',
    kind: 'server-down',
    server: 's',
    threshold: 0,
    forMinutes: 5,
    minCalls: 1,
    enabled: true,
  });
});
