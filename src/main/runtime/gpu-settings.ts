// The user's own settings for NVIDIA cards, a small file under the home folder; training processes get them as variables
// of their environment.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GpuSettings } from '../../shared/training.ts';
import { homeFolder } from '../home.ts';

const NONE: GpuSettings = { card: null, memoryMb: null, deterministic: false };

export function readGpuSettings(): GpuSettings {
  try {
    return { ...NONE, ...(JSON.parse(readFileSync(file(), 'utf8')) as Partial<GpuSettings>) };
  } catch {
    return NONE; // Absent, or damaged by hand: the defaults are safe.
  }
}

/** What is absent stays as it is. */
export function saveGpuSettings(change: Partial<GpuSettings>): GpuSettings {
  const settings = { ...readGpuSettings(), ...change };
  mkdirSync(dirname(file()), { recursive: true });
  writeFileSync(file(), `${JSON.stringify(settings, null, 2)}\n`);
  return settings;
}

function file(): string {
  return join(homeFolder(), 'gpu.json');
}
