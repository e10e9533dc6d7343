import { describe, expect, it } from 'vitest';
import { cleanFields, cleanText, type LogFields } from '../../../electron/hub/logging/clean-fields.ts';
import { parseLogLevel, parseLogTarget } from '../../../electron/hub/logging/log-target.ts';
import { createLog } from '../../../electron/hub/logging/pino-log.ts';
import { LOG_LEVELS, type LogLevel } from '../../../electron/hub/log.ts';
import { plantedSecrets } from '../traffic/planted-secrets.ts';
import { memorySink } from './memory-sink.ts';

function logged(fields: LogFields, format: 'text' | 'json' = 'json'): string {
  const sink = memorySink();
  createLog(sink, { level: 'debug', format }).log('info', 'test.event', fields);
  expect(sink.lines).toHaveLength(1);
  return sink.lines[0]!.line;
}

describe('the log', () => {
  it('writes one JSON record per event, with its level beside it', () => {
    const sink = memorySink();
    const log = createLog(sink, { level: 'debug', format: 'json' });
    for (const level of LOG_LEVELS) log.log(level, 'hub.ready', { port: 12_009, ok: true, who: null });
    log.log('info', 'bare');
    expect(sink.lines.map(({ level }) => level)).toEqual(['debug', 'info', 'warn', 'error', 'info']);
    const records = sink.lines.map(({ line }) => JSON.parse(line) as Record<string, unknown>);
    expect(records[2]).toEqual({
      level: 'warn',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      event: 'hub.ready',
      port: 12_009,
      ok: true,
      who: null,
    });
    for (const { line } of sink.lines) expect(line.endsWith('\n')).toBe(true);
  });

  it.each(LOG_LEVELS)('leaves out what is below %s', (level) => {
    const sink = memorySink();
    const log = createLog(sink, { level, format: 'json' });
    for (const each of LOG_LEVELS) log.log(each, 'event');
    const expected: LogLevel[] = LOG_LEVELS.slice(LOG_LEVELS.indexOf(level));
    expect(sink.lines.map((line) => line.level)).toEqual(expected);
  });

  it('writes lines for people where they are asked for', () => {
    expect(logged({ pids: '12 13', server: 'github', count: 2 }, 'text')).toMatch(
      /^\S+Z info {2}test\.event pids="12 13" server=github count=2\n$/,
    );
  });

  it('E16: writes no secret, by name or by pattern', () => {
    expect(plantedSecrets.length).toBeGreaterThan(40);
    for (const { name, payload, secret } of plantedSecrets) {
      const asText = JSON.stringify(payload);
      const parts: LogFields[] = [{ message: asText }, { message: `the server said: ${asText}`.slice(17) }];
      if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) {
        const plain = Object.entries(payload).filter(([, value]) => typeof value !== 'object');
        if (plain.length > 0) parts.push(Object.fromEntries(plain) as LogFields);
      }
      for (const fields of parts) {
        for (const format of ['json', 'text'] as const) {
          expect([name, logged(fields, format).includes(secret)]).toEqual([name, false]);
        }
      }
    }
  });

  it('E16: finds a secret that begins before the limit of a record', () => {
    const secret = 'gh' + 'p_0123456789abcdefghijABCDEFGHIJ012345';
    for (const before of [1_970, 1_999, 2_000, 15_980, 15_999]) {
      const text = cleanText(`${'word '.repeat(before / 5)}${secret} end`);
      expect(text).not.toContain(secret.slice(0, 12));
      expect(text.length).toBeLessThanOrEqual(2_001);
    }
    // So many secrets that what is left of the searched part fits: its end must not be half a secret.
    const text = cleanText(`${secret} `.repeat(2_000));
    expect(text).not.toContain('p_0123');
  });

  it.each(['json', 'text'] as const)(
    'E17: one event is one line of %s, whatever its values hold',
    (format) => {
      const forged = 'x\n{"level":"error","event":"hub.stolen"}\r\n\u2028\u001b[2J\u009b1A\u202e\u0000';
      const line = logged(
        { message: forged, 'key\n=': 1, level: 'error', event: 'other', at: 'never' },
        format,
      );
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line).not.toMatch(/[\r\u0000-\u0009\u001b\u0080-\u009f\u2028\u202e]/);
      if (format === 'json') {
        expect(JSON.parse(line)).toMatchObject({ level: 'info', event: 'test.event', _level: 'error' });
      } else {
        expect(line).toMatch(/^\S+ info {2}test\.event message="/);
        expect(line).not.toMatch(/ event=| level=/);
      }
    },
  );

  it('bounds what a record holds', () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`f${index}`, 'x'.repeat(50_000)]),
    );
    const clean = cleanFields(many);
    expect(Object.keys(clean)).toHaveLength(24);
    expect(String(clean.f0)).toHaveLength(2_001);
  });
});

describe('where the log goes', () => {
  it.each([
    ['stderr', { to: 'stderr', format: 'text' }],
    ['stdout', { to: 'stdout', format: 'text' }],
    ['json', { to: 'stdout', format: 'json' }],
    ['syslog', { to: 'syslog', socket: null }],
    ['syslog:/run/log', { to: 'syslog', socket: '/run/log' }],
  ])('reads %s', (text, target) => {
    expect(parseLogTarget(text)).toEqual(target);
  });

  it.each(['', 'file', 'syslog:', 'syslog:relative', 'JSON'])('refuses %j', (text) => {
    expect(() => parseLogTarget(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('reads levels, and says where a wrong one stands', () => {
    expect(parseLogLevel('WARN', '--log-level')).toBe('warn');
    expect(() => parseLogLevel('loud', 'PATCHBAY_LOG_LEVEL')).toThrow('PATCHBAY_LOG_LEVEL');
  });
});
