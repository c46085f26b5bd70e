// Builds a pack on Linux: the libraries of a TensorFlow release and TensorFlow.js's addon compiled against them.

import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { fetchArchive, unpackArchive } from './archive.ts';
import { compileBinding, COMPILER_HINT, findCompiler } from './compile.ts';
import type { InstallProgress } from './install.ts';
import { copyKernels, unpackNpmPackage, writeStandIns } from './npm-package.ts';
import { PACK_FORMAT, type PackManifest } from './pack.ts';
import { probeBinding } from './probe-binding.ts';
import { archive, bindingPackage, wheel, type TensorFlowRelease } from './releases.ts';
import { fetchWheel, findPip, unpackWheel, type PartProgress } from './wheel.ts';

export interface Building {
  /** For what is thrown away afterwards. */
  readonly staging: string;
  /** Becomes the pack. */
  readonly folder: string;
  /** Kept when an installation is interrupted. */
  readonly downloads: string;
  readonly node: string;
  readonly signal?: AbortSignal;
  readonly progress: InstallProgress;
}

/** Where each stage ends, as a fraction of the whole; measured on a fast line, so slow ones wait at the first. */
const FETCHED = 0.7;
const UNPACKED = 0.85;

/** Leaves a complete pack in `building.folder` and returns its name. Throws UserError. */
export async function buildPack(building: Building): Promise<string> {
  const { folder, staging, signal, progress } = building;
  const compiler = await findCompiler(signal);
  if (compiler === null) throw new UserError(`No C++ compiler works (tried CXX, g++, c++, clang++). ${COMPILER_HINT}`);
  // First, since it is small and a missing npm should not show after a long download.
  const sources = await unpackNpmPackage(bindingPackage, join(staging, 'npm'), signal);
  const release = await bringLibraries(building);
  progress(`Compiling the addon with ${compiler.program}`, UNPACKED);
  await compileBinding(compiler, sources, folder, release.libraries, signal);
  await rm(join(folder, 'include'), { recursive: true, force: true });
  await copyKernels(sources, join(folder, 'kernels'));
  await writeStandIns(join(folder, 'node_modules'));
  progress('Trying it', 0.97);
  const version = await probeBinding(join(folder, 'tfjs_binding.node'), building.node, signal);
  const manifest: PackManifest = {
    format: PACK_FORMAT,
    tensorflow: version,
    source: `${release.pack} (SHA-256 ${release.sha256})`,
    compiler: compiler.version,
    binding: 'tfjs_binding.node',
    kernels: 'kernels',
    bytes: await sizeOfLibraries(folder, release),
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  progress(`TensorFlow ${version} is ready`, 1);
  return release.pack;
}

/** From pip's wheel where there is pip, else from TensorFlow's own archive. */
async function bringLibraries(building: Building): Promise<TensorFlowRelease> {
  const refusals: string[] = [];
  for (const bring of [bringWheel, bringArchive]) {
    try {
      return await bring(building);
    } catch (problem) {
      if (!(problem instanceof UserError)) throw problem;
      refusals.push(problem.message);
    }
  }
  throw new UserError(refusals.join('\n'));
}

async function bringWheel(building: Building): Promise<TensorFlowRelease> {
  const { downloads, folder, signal } = building;
  const python = await findPip(signal);
  if (python === null)
    throw new UserError('Python with pip was not found (Debian, Ubuntu: sudo apt install python3-pip).');
  await mkdir(downloads, { recursive: true });
  const label = `TensorFlow ${wheel.tensorflow}`;
  building.progress(`Asking pip for ${label}`, null);
  const fetched = await fetchWheel(wheel, python, downloads, stage(building, `Fetching ${label}`, 0, FETCHED), signal);
  await unpackWheel(wheel, fetched.path, folder, stage(building, `Unpacking ${label}`, FETCHED, UNPACKED), signal);
  if (fetched.ours) await rm(fetched.path, { force: true });
  return wheel;
}

async function bringArchive(building: Building): Promise<TensorFlowRelease> {
  const { downloads, folder, signal, progress } = building;
  await mkdir(downloads, { recursive: true });
  const label = `TensorFlow ${archive.tensorflow}`;
  const fetched = await fetchArchive(archive, downloads, stage(building, `Fetching ${label}`, 0, FETCHED), signal);
  progress(`Unpacking ${label}`, FETCHED);
  await unpackArchive(fetched.path, folder, signal);
  await rm(fetched.path, { force: true });
  return archive;
}

/** At most ten reports a second: pieces arrive by the thousand. */
function stage({ progress }: Building, label: string, from: number, to: number): PartProgress {
  let lastMs = -Infinity;
  return (received, total) => {
    const now = performance.now();
    if (now - lastMs < 100 && received !== total) return;
    lastMs = now;
    const part = total > 0 ? received / total : 0;
    const size = total > 0 ? `, ${megabytes(received)} of ${megabytes(total)} MB` : `, ${megabytes(received)} MB`;
    progress(`${label}${size}`, from + part * (to - from));
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

async function sizeOfLibraries(folder: string, release: TensorFlowRelease): Promise<number> {
  const sizes = release.libraries.map(async (file) => (await stat(join(folder, 'lib', file))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
