// Packages of TensorFlow.js that cannot be dependencies of ours, because their install scripts download from hosts
// that may be out of reach and would fail `npm install`. npm fetches them, so the user's registry and proxy count.

import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { lastWords, runCommand } from './run-command.ts';

/** Unpacks a package, unscripted, to FOLDER/package. Throws UserError when npm is missing, cannot get it, or it is not the pinned one. */
export async function unpackNpmPackage(
  { spec, integrity }: { readonly spec: string; readonly integrity: string },
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const args = ['pack', spec, '--ignore-scripts', '--silent', '--pack-destination', folder];
  const packed = await runCommand('npm', args, { cwd: folder, env: npmEnvironment(), signal });
  if (packed.code !== 0) throw new UserError(`npm could not get ${spec}:\n${lastWords(packed)}`);
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new UserError(`npm pack ${spec} wrote no file:\n${lastWords(packed)}`);
  const tarball = join(folder, name);
  const found = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  if (found !== integrity) throw new UserError(`${spec}: expected ${integrity}, found ${found}`);
  const unpacked = await runCommand('tar', ['-xzf', tarball, '-C', folder], { signal });
  if (unpacked.code !== 0) throw new UserError(`${name} could not be unpacked with tar:\n${lastWords(unpacked)}`);
  return join(folder, 'package');
}

/** Installs a package with its own scripts into FOLDER/node_modules. Throws UserError with npm's words. */
export async function installNpmPackage(
  spec: string,
  folder: string,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', spec, '--no-audit', '--no-fund', '--no-package-lock', '--foreground-scripts'];
  const result = await runCommand('npm', args, { cwd: folder, env: npmEnvironment(), signal, onLine });
  if (result.code !== 0) throw new UserError(`npm could not install ${spec}:\n${lastWords(result, 12)}`);
}

/** An `npm install` that runs us hands its own switches down; those about what and where are not meant for another folder. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const its =
    /^npm_config_(global|location|prefix|local_prefix|dry_run|package_lock_only|ignore_scripts|workspaces?|include_workspace_root|save.*|omit|include|json)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !its.test(name)));
}

/**
 * Both packages `require('@tensorflow/tfjs')`. They get a stand-in that hands out the instance of tfjs-core that the
 * loader has left under this symbol, so that there is one engine in the process and nothing of tfjs's to install.
 */
const STAND_IN = `// Written by Saddle: hands TensorFlow.js's own kernels the one tfjs-core of this process.
module.exports = globalThis[Symbol.for('saddle.tensorflow')];
`;

export async function writeStandIns(nodeModules: string): Promise<void> {
  for (const name of ['tfjs', 'tfjs-core']) {
    const folder = join(nodeModules, '@tensorflow', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), `{ "name": "@tensorflow/${name}", "main": "stand-in.cjs" }\n`);
    await writeFile(join(folder, 'stand-in.cjs'), STAND_IN);
  }
}

/** Copies the kernels in JavaScript, without what is for saved models, files and summaries. */
export async function copyKernels(packageFolder: string, target: string): Promise<void> {
  const dist = join(packageFolder, 'dist');
  await mkdir(join(target, 'proto'), { recursive: true });
  for (const file of ['nodejs_kernel_backend.js', 'register_all_kernels.js', 'int64_tensors.js']) {
    await cp(join(dist, file), join(target, file));
  }
  await cp(join(dist, 'kernels'), join(target, 'kernels'), {
    recursive: true,
    filter: (path) => !path.endsWith('.d.ts'),
  });
  await writeFile(
    join(target, 'proto', 'api_pb.js'),
    '// Written by Saddle: for summaries only, which are not used.\n',
  );
}
