import { describe, expect, it } from 'vitest';
import type { Plan, PlanOptions } from '../../../shared/model/migration.ts';
import { applyAll } from './engine-fixture.ts';
import { CODE, CONFIG, stage } from './plan-stage.ts';

const SETTINGS = '/home/ada/.claude/settings.json';

describe('rules that name merged entries', () => {
  const RULES = `{
  // what I let it do
  "permissions": {
    "allow": ["Read", "mcp__github__create_issue", "mcp__github", "mcp__other__x"],
    "deny": ["mcp__github__delete_*"]
  },
  "hooks": {"PreToolUse": [{"matcher": "Bash|mcp__notes__.*", "hooks": []}]}
}
`;

  it('are listed with what becomes of them, in both modes', async () => {
    const at = stage({ [SETTINGS]: RULES });
    const mentionsOf = (plan: Plan, name: string): unknown[] =>
      (plan.files[0]!.entries.find((entry) => entry.name === name)!.mentions ?? []).map(
        ({ kind, where, rule, keeps, rewritten, rewrites }) => [
          kind,
          where,
          rule,
          keeps,
          rewritten,
          rewrites,
        ],
      );
    expect(mentionsOf(await at.service.plan({}), 'github')).toEqual([
      ['permission', 'permissions.allow', 'mcp__github__create_issue', true, undefined, false],
      ['permission', 'permissions.allow', 'mcp__github', true, undefined, false],
      ['permission', 'permissions.deny', 'mcp__github__delete_*', true, undefined, false],
    ]);
    const merged = await at.service.plan({ mode: 'merged' });
    expect(mentionsOf(merged, 'github')).toEqual([
      [
        'permission',
        'permissions.allow',
        'mcp__github__create_issue',
        false,
        'mcp__patchbay__github__create_issue',
        false,
      ],
      ['permission', 'permissions.allow', 'mcp__github', false, 'mcp__patchbay__github__*', false],
      [
        'permission',
        'permissions.deny',
        'mcp__github__delete_*',
        false,
        'mcp__patchbay__github__delete_*',
        false,
      ],
    ]);
    expect(mentionsOf(merged, 'notes')).toEqual([
      ['hook', 'hooks.PreToolUse', 'Bash|mcp__notes__.*', false, 'Bash|mcp__patchbay__notes__.*', false],
    ]);
    expect(merged.consequences).toMatchObject({ mentions: 4, mentionsBroken: 4, mentionsRewritten: 0 });
  });

  it('are rewritten when asked for, byte for byte around them, and come back', async () => {
    const at = stage({ [SETTINGS]: RULES });
    const options: PlanOptions = { mode: 'merged', rewriteRules: true };
    const plan = await at.service.plan(options);
    expect(plan.consequences).toMatchObject({ mentionsBroken: 4, mentionsRewritten: 4 });
    const file = plan.files.find(({ path }) => path === SETTINGS)!;
    expect(file).toMatchObject({ rulesRewritten: 4, entries: [] });
    expect(file.diff).toContain('+    "deny": ["mcp__patchbay__github__delete_*"]');

    await applyAll(at.service, { ...options, witness: false });
    const rewritten = RULES.replace(/mcp__github__/g, 'mcp__patchbay__github__')
      .replace('"mcp__github"', '"mcp__patchbay__github__*"')
      .replace('mcp__notes__', 'mcp__patchbay__notes__');
    expect(at.disk.text(SETTINGS)).toBe(rewritten);

    at.disk.put(SETTINGS, rewritten.replace('"Read"', '"Read", "Write"'));
    await at.service.rollback({ dryRun: false });
    expect(at.disk.text(SETTINGS)).toBe(RULES.replace('"Read"', '"Read", "Write"'));
    expect(at.disk.text(CODE)).toBe(CONFIG);
  });

  it('are left alone where none of their entries is moved', async () => {
    const at = stage({ [SETTINGS]: RULES });
    at.disk.put(CODE, CONFIG, 0o400);
    const options: PlanOptions = { mode: 'merged', rewriteRules: true };
    await expect(applyAll(at.service, { ...options, witness: false })).rejects.toMatchObject({
      code: 'CONFIG_NOT_WRITABLE',
    });
    expect(at.disk.text(SETTINGS)).toBe(RULES);
  });
});
