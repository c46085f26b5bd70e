// A runtime pack: one folder in the cache with TensorFlow's libraries, the addon built against them and the kernels
// in JavaScript. It appears whole, by one rename, or not at all; its manifest is written last.

import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheFolder } from '../home.ts';
import { knownCards } from './cards.ts';
import { cudaWheel } from './cuda-release.ts';
import { archive, officialPackage, wheel } from './releases.ts';

/** Raised when the layout of a pack changes: older packs are then built again. */
export const PACK_FORMAT = 2;

/** `manifest.json` of a pack; paths are relative to its folder. */
export interface PackManifest {
  readonly format: number;
  readonly tensorflow: string;
  /** Where the libraries came from, for people. */
  readonly source: string;
  readonly compiler: string;
  readonly binding: string;
  /** Folder with nodejs_kernel_backend.js and register_all_kernels.js. */
  readonly kernels: string;
  readonly bytes: number;
}

export interface RuntimePack {
  readonly folder: string;
  readonly version: string;
  readonly source: string;
  /** Absolute paths. */
  readonly binding: string;
  readonly kernels: string;
  readonly bytes: number;
  /** With CUDA's libraries, for NVIDIA cards. */
  readonly isCuda: boolean;
}

export function runtimesFolder(): string {
  return join(cacheFolder(), 'runtimes');
}

/**
 * The best pack that is there, or null. Looks at a few small files only: whether it also loads is what a probe says. The
 * pack for NVIDIA cards counts where there is a card for it; without one it is the last choice, as it loads more slowly.
 */
export function findRuntime(): RuntimePack | null {
  const cuda = findCudaRuntime();
  if (cuda !== null && knownCards().obstacle === null) return cuda;
  return findProcessorRuntime() ?? cuda;
}

export function findProcessorRuntime(): RuntimePack | null {
  for (const name of [wheel.pack, archive.pack, officialPackage.pack]) {
    const pack = readPack(join(runtimesFolder(), name));
    if (pack !== null) return pack;
  }
  return null;
}

export function findCudaRuntime(): RuntimePack | null {
  return readPack(join(runtimesFolder(), cudaWheel.pack));
}

export function readPack(folder: string): RuntimePack | null {
  const manifest = readManifest(join(folder, 'manifest.json'));
  if (manifest === null || manifest.format !== PACK_FORMAT) return null;
  const binding = join(folder, manifest.binding);
  const kernels = join(folder, manifest.kernels);
  if (!existsSync(binding) || !existsSync(join(kernels, 'register_all_kernels.js'))) return null;
  const { tensorflow: version, source, bytes } = manifest;
  return { folder, version, source, binding, kernels, bytes, isCuda: basename(folder) === cudaWheel.pack };
}

function readManifest(file: string): PackManifest | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackManifest;
  } catch {
    // Absent or damaged: either way there is no pack, and installing makes one.
    return null;
  }
}
