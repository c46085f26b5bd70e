// The plain Node binary for training processes: Electron's own will not do, it replaces the allocator and dies of a
// tensor of one or two GiB. Development takes the `node` package's, the installed app ships it as a resource.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../../shared/contract.ts';

const binary = process.platform === 'win32' ? 'node.exe' : 'node';

/** `resources` is Electron's process.resourcesPath; `from` the URL of a module of the app. Throws UserError when there is none. */
export function findPlainNode(resources: string | undefined, from: string): string {
  const candidates = [...(resources ? [join(resources, 'node', binary)] : []), ...packagedNode(from)];
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new UserError(`no Node binary for training; looked at ${candidates.join(', ')}. Run npm install again.`);
}

function packagedNode(from: string): string[] {
  try {
    return [join(dirname(createRequire(from).resolve('node/package.json')), 'bin', binary)];
  } catch {
    return []; // The installed app has no such package.
  }
}
