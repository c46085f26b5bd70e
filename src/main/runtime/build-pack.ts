// Builds a pack on Linux: the libraries of a TensorFlow release and TensorFlow.js's addon compiled against them.

import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { fetchArchive, unpackArchive } from './archive.ts';
import { knownCards } from './cards.ts';
import { compileBinding, COMPILER_HINT, findCompiler } from './compile.ts';
import { cudaLibraries, cudaWheel, type LibraryWheel } from './cuda-release.ts';
import { cudaEnvironment } from './environment.ts';
import type { InstallProgress, PackKind } from './install.ts';
import { copyKernels, unpackNpmPackage, writeStandIns } from './npm-package.ts';
import { PACK_FORMAT, type PackManifest } from './pack.ts';
import { probeBinding } from './probe-binding.ts';
import { archive, bindingPackage, wheel, type TensorFlowRelease, type WheelRelease } from './releases.ts';
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
export async function buildPack(building: Building, kind: PackKind): Promise<string> {
  const { folder, staging, signal, progress } = building;
  const compiler = await findCompiler(signal);
  if (compiler === null) throw new UserError(`No C++ compiler works (tried CXX, g++, c++, clang++). ${COMPILER_HINT}`);
  // First, since it is small and a missing npm should not show after a long download.
  const sources = await unpackNpmPackage(bindingPackage, join(staging, 'npm'), signal);
  const release = await (kind === 'cuda' ? bringCuda(building) : bringLibraries(building));
  progress(`Compiling the addon with ${compiler.program}`, UNPACKED);
  await compileBinding(compiler, sources, folder, release.libraries, signal);
  await rm(join(folder, 'include'), { recursive: true, force: true });
  await copyKernels(sources, join(folder, 'kernels'));
  await writeStandIns(join(folder, 'node_modules'));
  progress('Trying it', 0.97);
  const version = await tryPack(building, kind);
  const manifest: PackManifest = {
    format: PACK_FORMAT,
    tensorflow: version,
    source: `${release.pack} (SHA-256 ${release.sha256})`,
    compiler: compiler.version,
    binding: 'tfjs_binding.node',
    kernels: 'kernels',
    bytes: await sizeOfFiles(folder),
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  progress(`TensorFlow ${version} is ready`, 1);
  return release.pack;
}

/** Returns TensorFlow's version. A pack for cards that leaves the card alone is refused: a library of it did not load. */
async function tryPack({ folder, node, signal, progress }: Building, kind: PackKind): Promise<string> {
  const environment = kind === 'cuda' ? cudaEnvironment(folder) : {};
  const { version, isGpu } = await probeBinding(join(folder, 'tfjs_binding.node'), node, signal, environment);
  if (kind === 'processor' || isGpu) return version;
  const { obstacle } = knownCards();
  if (obstacle !== null) {
    progress(`No GPU found, it computes on the processor here. ${obstacle}`, 0.98);
    return version;
  }
  throw new UserError(
    `TensorFlow ${version} was fetched and loads, but does not use the card. Its own words: run ` +
      'TF_CPP_MIN_LOG_LEVEL=0 npm run saddle -- runtime --install-cuda',
  );
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
  const python = await findPipOrThrow(signal);
  await mkdir(downloads, { recursive: true });
  const label = `TensorFlow ${wheel.tensorflow}`;
  building.progress(`Asking pip for ${label}`, null);
  const fetched = await fetchWheel(wheel, python, downloads, stage(building, `Fetching ${label}`, 0, FETCHED), signal);
  await unpackWheel(wheel, fetched.path, folder, stage(building, `Unpacking ${label}`, FETCHED, UNPACKED), signal);
  if (fetched.ours) await rm(fetched.path, { force: true });
  return wheel;
}

/** TensorFlow's wheel for NVIDIA cards, then NVIDIA's own; each is deleted when it is unpacked. */
async function bringCuda(building: Building): Promise<TensorFlowRelease> {
  await bringWheels(building, [cudaWheel, ...cudaLibraries]);
  return cudaWheel;
}

export async function bringWheels(building: Building, wheels: readonly (WheelRelease | LibraryWheel)[]): Promise<void> {
  const { downloads, folder, signal } = building;
  const python = await findPipOrThrow(signal);
  await mkdir(downloads, { recursive: true });
  const total = wheels.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const [at, file] of wheels.entries()) {
    const label = `${file.requirement.replace('==', ' ')} (${at + 1} of ${wheels.length})`;
    const [from, to] = [done / total, (done + file.bytes) / total].map((part) => part * UNPACKED) as [number, number];
    const middle = from + (to - from) * FETCHED;
    const fetched = await fetchWheel(
      file,
      python,
      downloads,
      stage(building, `Fetching ${label}`, from, middle),
      signal,
    );
    await unpackWheel(file, fetched.path, folder, stage(building, `Unpacking ${label}`, middle, to), signal);
    if (fetched.ours) await rm(fetched.path, { force: true });
    done += file.bytes;
  }
}

async function findPipOrThrow(signal?: AbortSignal): Promise<string> {
  const python = await findPip(signal);
  if (python !== null) return python;
  throw new UserError('Python with pip was not found (Debian, Ubuntu: sudo apt install python3-pip).');
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

async function sizeOfFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
