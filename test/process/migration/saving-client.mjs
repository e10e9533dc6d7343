// A client that saves its config all the time, as careful programs do it: read, change, write beside, rename. It holds
// no lock. Arguments: FILE MILLISECONDS. Counts its saves in the file itself, and tells their number when told to stop.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const [file = '', pause] = process.argv.slice(2);
let saves = 0;

function save() {
  const config = JSON.parse(readFileSync(file, 'utf8'));
  config.saves = (config.saves ?? 0) + 1;
  const temp = `${file}.tmp.${process.pid}`;
  writeFileSync(temp, JSON.stringify(config, null, 2));
  renameSync(temp, file);
  saves += 1;
  if (saves === 1) process.stdout.write('saving\n');
}

const timer = setInterval(save, Number(pause));
process.stdin.resume().once('end', () => {
  clearInterval(timer);
  process.stdout.write(`${JSON.stringify({ saves })}\n`);
});
