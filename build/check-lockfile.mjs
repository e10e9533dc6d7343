// @ts-check
// npm writes a lock file without the platform packages that the registry it was asked does not hold; `npm ci` then
// fails elsewhere. Every optional dependency must have its own entry, at the version its parent asks for.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './run.mjs';

/** @type {Record<string, {version?: string, resolved?: string, optionalDependencies?: Record<string, string>}>} */
const packages = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
/** @type {string[]} */
const problems = [];

/** @param {string} from @param {string} name */
function find(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const found = packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
    if (found || folder === '') return found;
    if (!folder.includes('/node_modules/')) folder = '';
  }
}

for (const [parent, { optionalDependencies = {}, resolved }] of Object.entries(packages)) {
  if (resolved) problems.push(`${parent} records a download address`);
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const found = find(parent, name);
    if (!found) problems.push(`${name}, wanted by ${parent}, has no entry`);
    else if (/^\d/.test(range) && found.version !== range)
      problems.push(`${name} is ${found.version}, ${parent} wants ${range}`);
  }
}
for (const problem of problems) process.stderr.write(`package-lock.json: ${problem}\n`);
process.exit(problems.length === 0 ? 0 : 1);
