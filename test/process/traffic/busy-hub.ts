/*
 * A program for the tests beside it: taps calls without end and says every 20 ms how its log is doing.
 * Arguments: the worker's script, the log file.
 */
import { createTrafficService } from '../../../electron/hub/traffic/create-traffic-service.ts';
import { HubSettings } from '../../../shared/model/settings.ts';

const [workerScript, file] = process.argv.slice(2);
if (!workerScript || !file) throw new Error('two arguments');

const traffic = createTrafficService({ file, workerScript, settings: HubSettings.parse({}) });
const tap = traffic.tap.openSession({
  sessionId: 's',
  client: 'test',
  project: null,
  server: 'busy',
  instanceId: 'i',
});

let calls = 0;
const filling = 'x y '.repeat(500);
setInterval(() => {
  for (let count = 0; count < 10; count += 1) {
    calls += 1;
    const at = performance.now();
    const request = {
      jsonrpc: '2.0',
      id: calls,
      method: 'tools/call',
      params: { name: 'fill', arguments: { filling } },
    };
    tap.frame('client-to-server', Buffer.from(JSON.stringify(request)), at, at);
    tap.frame(
      'server-to-client',
      Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: calls, result: {} })),
      at,
      at,
    );
  }
  const { dropped, storeError, storeWarning } = traffic;
  process.stdout.write(`${JSON.stringify({ calls, dropped, storeError, storeWarning })}\n`);
}, 20);
