// macOS, Windows and Linux on ARM: TensorFlow.js's native package as its authors ship it, installed by npm with its
// own install script into the pack. Only the way it is loaded is ours.

import { existsSync } from 'node:fs';
import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { Building } from './build-pack.ts';
import { installNpmPackage, writeStandIns } from './npm-package.ts';
import { PACK_FORMAT, type PackManifest } from './pack.ts';
import { probeBinding } from './probe-binding.ts';
import { officialPackage } from './releases.ts';

const PACKAGE = join('node_modules', '@tensorflow', 'tfjs-node');

/** Leaves a complete pack in `building.folder` and returns its name. Throws UserError. */
export async function installOfficialPackage({ folder, node, signal, progress }: Building): Promise<string> {
  progress(`Installing ${officialPackage.spec} (its own script fetches TensorFlow)`, null);
  // The script's own news begin with a star; the rest is npm's.
  const tell = (line: string): void => void (line.startsWith('* ') && progress(line.slice(2), null));
  await installNpmPackage(officialPackage.spec, folder, tell, signal);
  const binding = await findBinding(join(folder, PACKAGE));
  await rm(join(folder, 'node_modules', '@tensorflow', 'tfjs'), { recursive: true, force: true });
  await rm(join(folder, 'node_modules', '@tensorflow', 'tfjs-core'), { recursive: true, force: true });
  await writeStandIns(join(folder, 'node_modules'));
  progress('Trying it', 0.97);
  const { version } = await probeBinding(join(folder, PACKAGE, binding), node, signal);
  const manifest: PackManifest = {
    format: PACK_FORMAT,
    tensorflow: version,
    source: officialPackage.spec,
    compiler: 'built by the package',
    binding: join(PACKAGE, binding),
    kernels: join(PACKAGE, 'dist'),
    bytes: 0,
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  progress(`TensorFlow ${version} is ready`, 1);
  return officialPackage.pack;
}

/** Path of the addon inside the package: `lib/napi-v8/tfjs_binding.node`, where the number differs between releases of Node. */
async function findBinding(folder: string): Promise<string> {
  const lib = join(folder, 'lib');
  const versions = existsSync(lib) ? (await readdir(lib)).filter((name) => name.startsWith('napi-v')) : [];
  const found = versions.find((version) => existsSync(join(lib, version, 'tfjs_binding.node')));
  if (found === undefined) {
    throw new UserError(
      `${officialPackage.spec} was installed, but its script left no addon in ${lib}: its download or its build failed. ` +
        `Saddle works without it (on the wasm backend); to try again: npm run runtime`,
    );
  }
  await bringLibraryBeside(lib, found, versions);
  return join('lib', found, 'tfjs_binding.node');
}

/** On Windows the script may put tensorflow.dll beside a folder of another number, where the addon does not look. */
async function bringLibraryBeside(lib: string, found: string, versions: readonly string[]): Promise<void> {
  const target = join(lib, found, 'tensorflow.dll');
  if (process.platform !== 'win32' || existsSync(target)) return;
  const places = [...versions.map((version) => join(lib, version)), join(lib, '..', 'deps', 'lib')];
  const place = places.find((folder) => existsSync(join(folder, 'tensorflow.dll')));
  if (place !== undefined) await cp(join(place, 'tensorflow.dll'), target);
}
