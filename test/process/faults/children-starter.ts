// Starts a server for each line it reads and says how that went, and each try of it; see children-scarcity.test.ts.
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { createInterface } from 'node:readline';
import { InstancePool } from '../../../electron/hub/servers/instance-pool.ts';

const pool = new InstancePool(() => {}, null, { ladder: { eofMs: 1_000, termMs: 1_000 } });
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const { spawn } = childProcess;
childProcess.spawn = ((...args: Parameters<typeof spawn>) => {
  const child = spawn(...args);
  say('tried');
  return child;
}) as typeof spawn;
syncBuiltinESMExports();

createInterface({ input: process.stdin })
  .on('line', () => {
    const launch = {
      command: '/bin/cat',
      args: [],
      cwd: process.cwd(),
      env: { ...process.env } as Record<string, string>,
    };
    pool
      .start({ server: 'cat', client: 'test', sessionId: 's', launch, onStderr: () => {} })
      .then((instance) => instance.stop())
      .then(
        () => say('started'),
        (error: Error) => say(error.message),
      );
  })
  .on('close', () => void pool.stopAll());
say('ready');
