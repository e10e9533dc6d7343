import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import {
  matcherFate,
  mergedNames,
  ruleFate,
  unchangedNames,
} from '../../../electron/hub/migration/server-names.ts';
import type { PlanOptions } from '../../../shared/model/migration.ts';
import { engineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const same = unchangedNames('git.hub');
const merged = mergedNames('git.hub', 'git.hub', ['git.hub', 'notes']);

describe('rules', () => {
  it.each([
    // Every other character of a name is written as an underscore.
    ['mcp__git_hub', true],
    ['mcp__git_hub__create', true],
    ['mcp__git_hub__*', true],
    ['mcp__git_hub__create(title:*)', true],
    ['mcp__*', true],
    ['mcp__git*__create*', null],
    ['mcp__git_*', true],
    ['mcp__git_hubs__x', null],
    ['mcp__git', null],
    ['Bash(mcp__git_hub)', null],
    ['Read', null],
  ])('%s of an entry that keeps its name: %j', (rule, keeps) => {
    expect(ruleFate(rule, same)?.keeps ?? null).toBe(keeps);
  });

  it.each([
    ['mcp__git_hub', false, 'mcp__patchbay__git-hub__*'],
    ['mcp__git_hub__get_*', false, 'mcp__patchbay__git-hub__get_*'],
    // What the hub shows as its name has a hash where the server's own name had to be changed.
    ['mcp__git_hub__create', false, expect.stringMatching(/^mcp__patchbay__git-hub__create_[0-9a-f]{8}$/)],
    ['mcp__git_hub__create(x)', false, expect.stringMatching(/_[0-9a-f]{8}\(x\)$/)],
    ['mcp__*', true, undefined],
    ['mcp__git*', false, undefined],
  ])('%s of one that is merged: %j, then %j', (rule, keeps, rewritten) => {
    expect(ruleFate(rule, merged)).toEqual({ keeps, ...(rewritten !== undefined && { rewritten }) });
  });

  it('name a tool of a merged entry as the hub shows it', () => {
    const plain = mergedNames('notes', 'notes', ['git.hub', 'notes']);
    expect(ruleFate('mcp__notes__read', plain)?.rewritten).toBe('mcp__patchbay__notes__read');
    // Two servers whose names could be mistaken for each other's tools.
    const unclear = mergedNames('a__b', 'a__b', ['a', 'a__b']);
    expect(ruleFate('mcp__a__b__c', unclear)?.rewritten).toMatch(/^mcp__patchbay__a__b__c_[0-9a-f]{8}$/);
  });
});

describe('hook matchers', () => {
  it.each([
    ['mcp__git_hub__.*', false, 'mcp__patchbay__git-hub__.*'],
    ['Bash|mcp__git_hub__create|Edit', false, 'Bash|mcp__patchbay__git-hub__create|Edit'],
    ['mcp__.*', true, undefined],
    ['.*', null, undefined],
    ['mcp__git.*', false, undefined],
    ['mcp__git_hubs__x', null, undefined],
    ['mcp__[', null, undefined],
    // Not tried at all: it would take for ever.
    ['(mcp|mcp)*(mcp|mcp)*x', null, undefined],
  ])('%s: %j, then %j', (matcher, keeps, rewritten) => {
    const fate = matcherFate(matcher, merged);
    expect([fate?.keeps ?? null, fate?.rewritten]).toEqual([keeps, rewritten]);
    if (fate) expect(matcherFate(matcher, same)).toEqual({ keeps: true });
  });
});

describe('every place that names an entry', () => {
  const CODE = '/home/ada/.claude.json';
  const disk = new MemoryFiles();
  const files = {
    [CODE]: {
      mcpServers: { notes: { command: 'notes' } },
      projects: {
        '/p': { allowedTools: ['mcp__notes__read', 'Bash'], disabledMcpServers: ['notes'] },
        '/q': { mcpServers: { own: { command: 'own' } }, allowedTools: ['mcp__own'] },
      },
    },
    '/home/ada/.claude/agents/writer.md':
      '---\ntools: Read, mcp__notes__write\nmcpServers:\n  - notes\n---\n',
    '/p/.claude/settings.local.json': { permissions: { ask: ['mcp__notes__write', 'mcp__own__x'] } },
    '/etc/claude-code/managed-settings.json': { permissions: { deny: ['mcp__notes__drop'] } },
  };
  for (const [path, content] of Object.entries(files)) {
    disk.put(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  const mentions = async (name: string, options: PlanOptions): Promise<unknown[]> => {
    const { service } = engineFixture({ files: disk, adapters: [claudeCode] });
    const plan = await service.plan(options);
    const entry = plan.files.flatMap(({ entries }) => entries).find((candidate) => candidate.name === name)!;
    return (entry.mentions ?? []).map(({ kind, where, rule, keeps, rewritten }) => [
      kind,
      where,
      rule,
      keeps,
      rewritten,
    ]);
  };

  it('is listed, and goes on to match where names stay', async () => {
    expect(await mentions('notes', {})).toEqual([
      ['permission', 'permissions.ask', 'mcp__notes__write', true, undefined],
      ['permission', 'permissions.deny', 'mcp__notes__drop', true, undefined],
      ['agent', 'tools', 'mcp__notes__write', true, undefined],
      ['agent', 'mcpServers', 'notes', true, undefined],
      ['permission', 'projects["/p"].allowedTools', 'mcp__notes__read', true, undefined],
      ['switched-off', 'projects["/p"].disabledMcpServers', 'notes', true, undefined],
    ]);
  });

  it('is listed with what would match, where names change; what is switched off by name would come on again', async () => {
    const found = await mentions('notes', { mode: 'merged' });
    expect(found).toContainEqual([
      'permission',
      'permissions.deny',
      'mcp__notes__drop',
      false,
      'mcp__patchbay__notes__drop',
    ]);
    expect(found).toContainEqual(['agent', 'mcpServers', 'notes', false, 'patchbay']);
    expect(found).toContainEqual([
      'switched-off',
      'projects["/p"].disabledMcpServers',
      'notes',
      false,
      undefined,
    ]);
  });

  it('counts in its own project only', async () => {
    expect(await mentions('own', {})).toEqual([
      ['permission', 'projects["/q"].allowedTools', 'mcp__own', true, undefined],
    ]);
  });

  it('an administrator’s rules are never rewritten, nor a sub-agent', async () => {
    const { service } = engineFixture({ files: disk, adapters: [claudeCode] });
    const plan = await service.plan({ mode: 'merged', rewriteRules: true });
    const rewritten = plan.files
      .flatMap(({ entries }) => entries.flatMap((entry) => entry.mentions ?? []))
      .filter(({ rewrites }) => rewrites);
    expect(new Set(rewritten.map(({ path }) => path))).toEqual(new Set(['/p/.claude/settings.local.json']));
    expect(plan.files.map(({ path }) => path)).toEqual([CODE, '/p/.claude/settings.local.json']);
  });
});
