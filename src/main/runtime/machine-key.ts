// What measurements of this machine depend on, as one text: when it changes, they are taken again. Reads a few small
// files and starts nothing.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { join } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { findRuntime } from './pack.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** They choose devices, drivers and threads. */
const VARIABLES = [
  ...['CUDA_VISIBLE_DEVICES', 'SADDLE_WEBGPU_DEVICE', 'VK_ICD_FILENAMES', 'VK_DRIVER_FILES'],
  'TF_NUM_INTRAOP_THREADS',
];
const DRIVER_FILES = ['/proc/driver/nvidia/version', '/sys/module/amdgpu/version', '/sys/module/xe/version'];
const VULKAN_DRIVERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** `env` is that of the training processes. */
export function machineKey(env: Environment = process.env): string {
  const pack = findRuntime();
  return JSON.stringify({
    saddle: manifest.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    processor: `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? ''}`,
    pack: pack === null ? null : [pack.folder, pack.version, pack.source],
    drivers: [...DRIVER_FILES.map(readOr), ...VULKAN_DRIVERS.flatMap(stampsOf)],
    variables: VARIABLES.map((name) => env[name] ?? ''),
  });
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return ''; // No such driver.
  }
}

/** A new driver is a new file, or the old one written anew. */
function stampsOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .toSorted()
      .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);
  } catch {
    return [];
  }
}
