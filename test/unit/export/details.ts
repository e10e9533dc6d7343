import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { exchange } from '../traffic/exchange-fixture.ts';

/** An exchange with bodies, one of them cut. */
export const full: ExchangeDetail = {
  exchange: exchange(),
  request: { text: '{"id":1}', bytes: 100, truncated: false, redactions: 0 },
  response: { text: '{"res', bytes: 9_999, truncated: true, redactions: 1 },
  phases: { queueMs: 2, hubInMs: 0.1, serverMs: 10.3, hubOutMs: 0.1 },
};

/** One of which nothing but the row was kept. */
export const bare = (changes: Partial<Exchange> = {}): ExchangeDetail => ({
  exchange: exchange(changes),
  request: null,
  response: null,
  phases: null,
});

/** Names and texts that try to be more than text. */
export const hostile: ExchangeDetail = {
  ...full,
  exchange: exchange({
    id: 2,
    server: 'a/../b ü<script>',
    method: 'x?#\ud800/y',
    tool: '..',
    errorMessage: '=cmd\n\u2028"\u001B[31m',
  }),
  request: { text: '{"a":"\\ud83d\\ude00 </script>\u2028"}', bytes: 30, truncated: false, redactions: 0 },
};
