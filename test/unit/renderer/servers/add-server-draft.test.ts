import { expect, it } from 'vitest';
import {
  type AddDraft,
  EMPTY_DRAFT,
  readAddDraft,
} from '../../../../renderer/features/servers/add-server-draft.ts';
import { ServerDefinition } from '../../../../shared/model/server.ts';

const read = (draft: Partial<AddDraft>) => readAddDraft({ ...EMPTY_DRAFT, name: 'x', ...draft }, ['taken']);

it('reads a command with its variables and folder', () => {
  const { server } = read({
    name: ' files ',
    commandLine: 'npx -y "@acme/files" "/a b"',
    env: 'KEY=${KEY}\n\nQUERY=a=b\n',
    cwd: ' /srv ',
  });
  expect(server).toEqual({
    name: 'files',
    definition: {
      command: 'npx',
      args: ['-y', '@acme/files', '/a b'],
      env: { KEY: '${KEY}', QUERY: 'a=b' },
      cwd: '/srv',
    },
  });
});

it('reads an address with its headers', () => {
  const { server } = read({
    form: 'url',
    url: ' https://mcp.example.com/mcp ',
    headers: 'Authorization: Bearer ${secret:KEY}\nX-Team:core',
    transport: 'sse',
  });
  expect(server!.definition).toEqual({
    type: 'sse',
    url: 'https://mcp.example.com/mcp',
    headers: { Authorization: 'Bearer ${secret:KEY}', 'X-Team': 'core' },
  });
  expect(ServerDefinition.safeParse(server!.definition).success).toBe(true);
});

it('leaves the transport of an address open unless it is chosen', () => {
  expect(read({ form: 'url', url: 'http://localhost:1' }).server!.definition).toEqual({
    url: 'http://localhost:1',
  });
});

it.each([
  [{ commandLine: '' }, 'commandLine'],
  [{ commandLine: 'npx "oops' }, 'commandLine'],
  [{ commandLine: 'npx', env: 'A=1\nnonsense' }, 'env'],
  [{ commandLine: 'npx', name: ' ' }, 'name'],
  [{ commandLine: 'npx', name: 'taken' }, 'name'],
  [{ form: 'url', url: 'mcp.example.com' }, 'url'],
  [{ form: 'url', url: 'file:///etc/passwd' }, 'url'],
  [{ form: 'url', url: 'https://a.example', headers: 'no colon' }, 'headers'],
  [{ form: 'url', url: 'https://a.example', headers: 'Bad Name: x' }, 'headers'],
  [{ form: 'json', json: '{' }, 'json'],
  [{ form: 'json', name: '', json: '{"taken": {"command": "x"}}' }, 'name'],
] as const)('says which field is wrong: %j', (draft, field) => {
  expect(read(draft).problem?.field).toBe(field);
});

it('names the line that is wrong', () => {
  expect(read({ commandLine: 'npx', env: 'A=1\n\nnonsense' }).problem?.message).toContain('3');
});
