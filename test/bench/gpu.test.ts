// The check of a graphics card as a command, on a machine that need not have one: what fails is said, nothing is lost.

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const command = resolve(import.meta.dirname, '../../bench/gpu.ts');
const folder = mkdtempSync(join(tmpdir(), 'saddle-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Written {
  readonly date: string;
  readonly machine: { readonly system: string };
  readonly parts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

async function check(...args: string[]): Promise<{ stdout: string; written: Written }> {
  const out = join(folder, 'gpu.json');
  const { stdout } = await promisify(execFile)(process.execPath, [command, '--out', out, ...args]);
  return { stdout, written: JSON.parse(readFileSync(out, 'utf8')) as Written };
}

describe('bench/gpu.ts', () => {
  it('writes every part, with a sentence for what is not here, failed or was not asked for', async () => {
    const { stdout, written } = await check('--part', 'devices', '--part', 'pytorch', '--python', join(folder, 'none'));
    expect(Object.keys(written.parts)).toEqual(['devices', 'probes', 'gradients', 'steps', 'pytorch']);
    expect(Object.keys(written.parts['devices']!)).toEqual(['nvidia', 'vulkan', 'webgpu']);
    expect(written.parts['probes']).toEqual({ problem: 'not asked for' });
    const missing = { problem: expect.stringContaining('ENOENT') as string };
    expect(written.parts['pytorch']).toEqual({ dcgan28: missing, dcgan64: missing });
    expect(stdout).toMatch(/pytorch\n {2}28 +not: .*ENOENT/);
    expect(written.machine.system).toContain(process.platform);
  });

  it('goes on when a question hangs', async () => {
    const { written } = await check('--part', 'probes', '--limit', '0.05');
    const late = { problem: expect.stringMatching(/gave no answer in 0\.05 s|^the probe/) as string };
    expect(written.parts['probes']).toMatchObject({ wasm: late, cpu: late });
  });

  it('says how it is used', () => {
    const { status, stderr } = spawnSync(process.execPath, [command, '--part', 'nothing'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/expected --out FILE or --pack DIR, and parts of: devices, probes/);
  });
});
