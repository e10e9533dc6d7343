import { expect, it } from 'vitest';
import { ClientId } from '../../../shared/model/client.ts';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { createClientRegistry } from '../../../electron/hub/clients/registry.ts';

it('has an adapter for every client id', () => {
  const registry = createClientRegistry();
  expect(registry.all.map(({ id }) => id)).toEqual(ClientId.options);
  for (const id of ClientId.options) expect(registry.get(id).id).toBe(id);
});

it('refuses two adapters with one id', () => {
  expect(() => createClientRegistry([claudeCode, { ...claudeCode }])).toThrow('claude-code');
});

it('says which client has no adapter', () => {
  expect(() => createClientRegistry([claudeCode]).get('claude-desktop')).toThrow(
    expect.objectContaining({ code: 'NOT_SUPPORTED' }),
  );
});
