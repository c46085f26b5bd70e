// Where Saddle keeps things: the only place that reads SADDLE_HOME and SADDLE_CACHE. Everything of the user's lies
// under the home folder; the cache holds only what can be fetched or built again (TensorFlow's libraries).

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** SADDLE_HOME, or the platform's folder for a user's application data. */
export function homeFolder(env: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['SADDLE_HOME']) return resolve(env['SADDLE_HOME']);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Saddle');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Saddle');
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'saddle');
}

/** The library of runs unless another is named. */
export function libraryFolder(env: Environment = process.env): string {
  return join(homeFolder(env), 'runs');
}

/** Downloaded and imported data sets, one folder each. */
export function dataFolder(env: Environment = process.env): string {
  return join(homeFolder(env), 'data');
}

/** SADDLE_CACHE, or the platform's folder for caches; shared by all clones and homes of this user. */
export function cacheFolder(env: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['SADDLE_CACHE']) return resolve(env['SADDLE_CACHE']);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Saddle');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Saddle', 'Cache');
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'saddle');
}
