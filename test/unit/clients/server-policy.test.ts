import { describe, expect, it } from 'vitest';
import { blockingRule, readPolicy, type PolicedServer } from '../../../electron/hub/clients/server-policy.ts';
import type { FoundSettings } from '../../../electron/hub/clients/read-settings.ts';
import { urlMatches } from '../../../electron/hub/clients/url-pattern.ts';
import { parseJsonDocument } from '../../../electron/hub/files/json-document.ts';

const file = (path: string, content: object, more: Partial<FoundSettings> = {}): FoundSettings => ({
  path,
  managed: false,
  document: parseJsonDocument(Buffer.from(JSON.stringify(content)), path),
  sha256: null,
  error: null,
  ...more,
});
const managed = (content: object): FoundSettings => file('/etc/m.json', content, { managed: true });

const NPX: PolicedServer = { name: 'github', command: ['npx', '-y', 'gh'] };
const REMOTE: PolicedServer = { name: 'docs', url: 'https://mcp.example.com/x' };
const blocked = (settings: FoundSettings[], server: PolicedServer, project?: string): string | null => {
  const expand = (text: string): string => text.replace('${NAME}', 'gh');
  const rule = blockingRule(readPolicy(settings, project), server, expand);
  return rule && `${rule.effect} ${rule.text} ${rule.path}`;
};

describe('allow and deny lists', () => {
  it('has nothing against anything without a list', () => {
    expect(blocked([file('/u', { permissions: {} })], NPX)).toBeNull();
    expect(blocked([], REMOTE)).toBeNull();
  });

  it('denies by name, by the whole command and by URL, from every file', () => {
    const deny = (rule: object): FoundSettings => file('/u', { deniedMcpServers: [rule] });
    expect(blocked([deny({ serverName: 'github' })], NPX)).toBe('deny {"serverName":"github"} /u');
    expect(blocked([deny({ serverCommand: ['npx', '-y', 'gh'] })], NPX)).not.toBeNull();
    expect(blocked([deny({ serverCommand: ['npx', '-y', '${NAME}'] })], NPX)).not.toBeNull();
    expect(
      blocked([deny({ serverCommand: ['npx', '-y', 'gh'] })], {
        name: 'g',
        command: ['npx', '-y', '${NAME}'],
      }),
    ).not.toBeNull();
    expect(blocked([deny({ serverCommand: ['npx', '-y'] })], NPX)).toBeNull();
    expect(blocked([deny({ serverUrl: 'https://*.example.com/*' })], REMOTE)).not.toBeNull();
    expect(
      blocked(
        [managed({ allowedMcpServers: [{ serverName: 'github' }] }), deny({ serverName: 'github' })],
        NPX,
      ),
    ).toMatch(/^deny/);
  });

  it('allows only what is listed, programs by command once one command is listed', () => {
    const allow = (...rules: object[]): FoundSettings => managed({ allowedMcpServers: rules });
    expect(blocked([allow({ serverName: 'github' })], NPX)).toBeNull();
    expect(blocked([allow({ serverName: 'other' })], NPX)).not.toBeNull();
    const byCommand = allow({ serverName: 'github' }, { serverCommand: ['docker'] });
    expect(blocked([byCommand], NPX)).toBe('allow {"serverCommand":["docker"]} /etc/m.json');
    expect(blocked([byCommand], { name: 'x', command: ['docker'] })).toBeNull();
    // Not a program: the names still count.
    expect(blocked([allow({ serverName: 'docs' }, { serverCommand: ['docker'] })], REMOTE)).toBeNull();
    expect(
      blocked([allow({ serverName: 'docs' }, { serverUrl: 'https://else.example/*' })], REMOTE),
    ).not.toBeNull();
    expect(blocked([allow()], NPX)).toBe('allow [] /etc/m.json');
    // Both what stands there and what it becomes has to be allowed.
    expect(blocked([allow({ serverCommand: ['gh'] })], { name: 'g', command: ['${NAME}'] })).not.toBeNull();
    expect(blocked([allow({ serverCommand: ['${NAME}'] })], { name: 'g', command: ['gh'] })).toBeNull();
  });

  it('adds allow lists up, unless the administrator’s alone counts', () => {
    const own = file('/u', { allowedMcpServers: [{ serverName: 'github' }] });
    const theirs = { allowedMcpServers: [{ serverName: 'other' }] };
    expect(blocked([own, managed(theirs)], NPX)).toBeNull();
    expect(blocked([own, managed({ ...theirs, allowManagedMcpServersOnly: true })], NPX)).not.toBeNull();
    expect(blocked([file('/u', { ...theirs, allowManagedMcpServersOnly: true }), own], NPX)).toBeNull();
  });

  it('keeps what a project says to that project', () => {
    const inProject = file('/p/s', { deniedMcpServers: [{ serverName: 'github' }] }, { project: '/p' });
    expect(blocked([inProject], NPX)).toBeNull();
    expect(blocked([inProject], NPX, '/p')).not.toBeNull();
    expect(blocked([inProject], NPX, '/q')).toBeNull();
  });

  it('passes over what is no rule', () => {
    const odd = file('/u', {
      deniedMcpServers: [null, 'github', {}, { serverName: 7 }],
      allowedMcpServers: 'all',
    });
    expect(blocked([odd], NPX)).toBeNull();
  });
});

describe('URL patterns', () => {
  it.each([
    ['https://a.example/x', '*', true],
    ['https://a.example/x', 'https://a.example', true],
    ['https://a.example/x', 'https://a.example/', false],
    ['https://a.example/x', 'https://a.example/*', true],
    ['https://a.example/x/y', 'https://*.example/x/*', true],
    ['https://A.Example/x', 'https://a.example/x', true],
    ['http://a.example/x', 'https://a.example/*', false],
    ['http://a.example/x', '*://a.example/*', true],
    ['https://evil.example/a.example/x', 'https://a.example/*', false],
    ['http://127.0.0.1:12009/servers/a/mcp', 'http://127.0.0.1:12009/*', true],
    ['http://127.0.0.1:12009/servers/a/mcp', 'http://127.0.0.1/*', false],
    ['http://127.0.0.1:12009/servers/a/mcp', 'http://127.0.0.1:*/*', true],
    ['https://a.example:443/x', 'https://a.example/*', true],
    ['no url', 'https://a.example/*', false],
  ])('%s and %s: %s', (url, pattern, expected) => {
    expect(urlMatches(url, pattern)).toBe(expected);
  });

  it('are not regular expressions that run for ever', () => {
    const pattern = `https://a.example/${'*a'.repeat(2_000)}`;
    expect(urlMatches(`https://a.example/${'a'.repeat(4_000)}b`, pattern)).toBe(false);
  });
});
