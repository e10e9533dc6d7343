import { describe, expect, test } from 'vitest';
import { NOTHING_KNOWN } from '../../../electron/main/hub-follower.ts';
import { messagesIn } from '../../../electron/main/messages/messages.ts';
import { statusInWords as statusIn, trayIcon, type TrayState } from '../../../electron/main/tray-state.ts';
import type { Language } from '../../../shared/language/language.ts';
import { alert, client, FAILED, finding, READY, state, status } from './tray-samples.ts';

describe('the icon', () => {
  const routed = [client('claude-code', [true])];
  const failing = [{ name: 'a', state: 'failed', instances: 0 } as const];

  test.each([
    ['routed', state({ view: { clients: routed } })],
    ['routed', state({ view: { clients: [client('claude-code', [true, false])] } })],
    // What is not known yet is not claimed.
    ['routed', state({ view: { clients: null } })],
    ['direct', state({ view: { clients: [client('claude-code', [false])] } })],
    ['direct', state()],
    ['off', state({ hub: { phase: 'starting' } })],
    ['off', state({ hub: { phase: 'stopped' } })],
    ['off', state({ hub: { phase: 'restarting', delayMs: 0, reason: 'x' } })],
    ['off', state({ hub: FAILED })],
    ['attention', state({ view: { status: status({ catalogError: 'bad' }), clients: routed } })],
    ['attention', state({ view: { status: status({ trafficStore: 'full' }), clients: routed } })],
    ['attention', state({ view: { status: status({ servers: failing }), clients: routed } })],
    ['attention', state({ view: { clients: routed, findings: [finding()] } })],
    ['routed', state({ view: { clients: routed, findings: [finding({ level: 'notice' })] } })],
    ['attention', state({ view: { clients: routed, alerts: [alert()] } })],
    ['routed', state({ view: { clients: routed, alerts: [alert({ state: 'resolved' })] } })],
  ] as const)('is %s', (icon, current) => {
    expect(trayIcon(current)).toBe(icon);
  });

  const statusInWords = (shown: Pick<TrayState, 'hub' | 'view'>, language: Language = 'en'): string =>
    statusIn(shown, messagesIn(language));

  test('its tooltip says the state in words', () => {
    expect(statusInWords(state({ hub: { phase: 'restarting', delayMs: 0, reason: 'x' } }))).toBe(
      'The hub crashed and is starting again…',
    );
    expect(statusInWords({ hub: READY, view: NOTHING_KNOWN })).toBe('Running');
    expect(statusInWords(state({ view: { status: status({ sessions: 1 }) } }))).toBe(
      'Running, no client routed, 1 session',
    );
    expect(statusInWords(state({ view: { clients: routed } }))).toBe('Running, 1 client routed, no sessions');
    expect(statusInWords(state({ view: { clients: routed } }), 'de')).toBe(
      'Läuft, 1 Client umgeleitet, keine Sitzungen',
    );
  });

  test.each<[Language, string]>([
    ['en', 'Not running: The hub crashed too often and was not started again.'],
    ['de', 'Läuft nicht: Der Hub ist zu oft abgestürzt und wurde nicht wieder gestartet.'],
  ])('of a hub that could not say what is wrong with it, that is said for it: %s', (language, words) => {
    const hub = { phase: 'failed', error: 'crashes' } as const;
    expect(statusInWords(state({ hub }), language)).toBe(words);
  });
});
