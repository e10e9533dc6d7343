import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  exposedName,
  mayBelongTo,
  MAX_NAME,
  serverPrefixes,
} from '../../../electron/hub/routes/mux/exposed-names.ts';
import {
  isWithin,
  matchesTemplate,
  qualifiedUri,
  unqualifiedUri,
} from '../../../electron/hub/routes/mux/resource-uris.ts';

const serverName = fc.stringMatching(/^[A-Za-z0-9_. -]{1,20}$/);
const toolName = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_.-]{1,70}$/),
  fc.string({ minLength: 1, maxLength: 30 }),
);

describe('names', () => {
  test('are safe, short and all different, in whatever order the tools come (B25)', () => {
    const catalog = fc.uniqueArray(serverName, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(catalog, fc.uniqueArray(toolName, { minLength: 1, maxLength: 12 }), (servers, tools) => {
        const prefixes = serverPrefixes(servers);
        const shown = new Map<string, string>();
        for (const server of servers) {
          for (const tool of tools) {
            const name = exposedName(server, tool, prefixes.get(server)!);
            expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
            expect(name.length).toBeLessThanOrEqual(MAX_NAME);
            expect(mayBelongTo(name, prefixes.get(server)!)).toBe(true);
            expect(shown.get(name) ?? `${server}\0${tool}`).toBe(`${server}\0${tool}`);
            shown.set(name, `${server}\0${tool}`);
          }
        }
      }),
    );
  });

  test('are the same whatever else is in the catalog, unless it could be mistaken', () => {
    const alone = serverPrefixes(['git']);
    const among = serverPrefixes(['git__hub', 'memory', 'git']);
    expect(exposedName('git', 'log', alone.get('git')!)).toBe('git__log');
    expect(exposedName('git', 'log', among.get('git')!)).toBe('git__log');
    expect(exposedName('git__hub', 'log', among.get('git__hub')!)).toMatch(/^git__hub__log_[0-9a-f]{8}$/);
  });
});

describe('URIs', () => {
  test('can be told apart and put back, the scheme unchanged', () => {
    fc.assert(
      fc.property(
        serverName,
        fc.oneof(fc.webUrl(), fc.stringMatching(/^[a-z]{1,8}:[!-~]{0,20}$/)),
        (server, uri) => {
          const qualified = qualifiedUri(server, uri);
          expect(unqualifiedUri(server, qualified)).toBe(uri);
          expect(qualified.slice(0, qualified.indexOf(':'))).toBe(uri.slice(0, uri.indexOf(':')));
        },
      ),
    );
    expect(qualifiedUri('weather', 'ui://app')).toBe('ui://weather/app');
    expect(unqualifiedUri('other', 'ui://weather/app')).toBeNull();
  });

  test.each([
    ['test://template/{id}/data', 'test://template/7/data', true],
    ['test://template/{id}/data', 'test://template/data', false],
    ['file:///{+path}', 'file:///a/b/c', true],
    ['a://{x}/{y}', 'a://1/2', true],
    ['a://{x}/{y}', 'a://1', false],
    ['a://plain', 'a://plain', true],
    ['a://plain', 'a://plain2', false],
  ])('%s and %s: %s', (template, uri, fits) => {
    expect(matchesTemplate(template, uri)).toBe(fits);
  });

  test('B24: a hostile template is compared in linear time', () => {
    const template = `x://${'{a}a'.repeat(20_000)}b`;
    expect(matchesTemplate(template, `x://${'a'.repeat(100_000)}`)).toBe(false);
  });

  test('what lies below a watched one counts, what only begins alike does not', () => {
    expect(isWithin('a://x/y', 'a://x')).toBe(true);
    expect(isWithin('a://x#part', 'a://x')).toBe(true);
    expect(isWithin('a://xy', 'a://x')).toBe(false);
  });
});
