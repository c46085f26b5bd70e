// Tests of WebGPU need a Vulkan driver and run in processes of their own: TensorFlow is loaded in this one. Looked for is
// the software driver that Chromium brings, with its loader; without one they are skipped with a sentence, in CI they fail.

import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const DRIVERS = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
  join(homedir(), '.cache/ms-playwright/chromium-*/chrome-linux*/vk_swiftshader_icd.json'),
];

const HOW = 'needed is Chromium with vk_swiftshader_icd.json and libvulkan.so.1 beside it, or SADDLE_WEBGPU_DEVICE';

/** The environment of a process whose WebGPU computes in software; null where there is no such driver. */
export function webgpuEnvironment(): NodeJS.ProcessEnv | null {
  // Whoever names a device has one.
  if (process.env['SADDLE_WEBGPU_DEVICE']) return { ...process.env };
  const driver = globSync(DRIVERS).find((file) => existsSync(join(dirname(file), 'libvulkan.so.1')));
  if (process.platform !== 'linux' || driver === undefined) return null;
  const libraries = [dirname(driver), process.env['LD_LIBRARY_PATH']].filter((folder) => folder !== undefined);
  return {
    ...process.env,
    LD_LIBRARY_PATH: libraries.join(delimiter),
    VK_DRIVER_FILES: driver,
    SADDLE_WEBGPU_DEVICE: 'software',
  };
}

export function describeWebgpu(name: string, tests: () => void): void {
  if (webgpuEnvironment() !== null) {
    describe(name, tests);
  } else if (process.env['CI']) {
    it(`${name}: there is a Vulkan driver`, () => {
      expect(webgpuEnvironment(), HOW).not.toBeNull();
    });
  } else {
    describe.skip(`${name} (no Vulkan driver was found; ${HOW})`, tests);
  }
}

/** Asks webgpu-process.ts; rejects with what it wrote when it ended badly. */
export async function askWebgpu<Answer>(question: string): Promise<Answer> {
  const file = resolve(import.meta.dirname, 'webgpu-process.ts');
  const options = { env: webgpuEnvironment()!, maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(process.execPath, [file, question], options);
  // Dawn prints mistakes before it.
  return JSON.parse(stdout.split('\n').at(-1)!) as Answer;
}
