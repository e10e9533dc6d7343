import { ClientId } from '../../shared/model/client.ts';
import { realEngine } from './real-engine.ts';
import { OPERATIONS, type OperationName } from './operations.ts';

/**
 * A program that does one thing to a home on the real disk, so that it can be killed and lied to at any system call:
 * HOME DATA CLIENT OPERATION. A refusal in words is a fine end; anything else is not.
 */
const [home, dataRoot, client, operation] = process.argv.slice(2) as [string, string, string, OperationName];

try {
  await OPERATIONS[operation](realEngine({ home, dataRoot }, ClientId.parse(client), 0x1000));
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  process.stdout.write(`refused ${code}\n`);
  process.exitCode = code === '' ? 1 : 3;
  if (code === '') process.stderr.write(`${(error as Error).stack}\n`);
}
